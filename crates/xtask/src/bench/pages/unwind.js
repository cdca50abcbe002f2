// The agent's own code for a kept stack, bundled for a page that calls it for one crossing again and again.

import { cutFrame, findScheduler, findTables, post, recorder, showStack, startRecorder } from "../../../../agent/hooks/recorder";

globalThis.stacksOf = ({ mem, getsp }) => {
  if (!startRecorder()) throw new Error("the recorder did not start");
  const bytes = new Uint8Array(mem.buffer);
  const words = new Uint32Array(mem.buffer);
  recorder.hello(post("bench\0\0"), performance.timeOrigin, 0, 0);
  const module = recorder.module();
  const program = recorder.instance(module, recorder.realm(0, post(location.href)));
  const imported = recorder.import(program, post("syscall/js.valueCall"));
  if (!findTables(module, bytes) || !findScheduler(module, bytes, words)) throw new Error("Go's tables were not found");

  /** As `Bridge.record` does for a crossing that may have run Go again. */
  const record = (count) => {
    for (let t = 0; t < count; t++) {
      const sp = getsp();
      const len = showStack(bytes, words, sp);
      recorder.cross(program, imported, -1, t, 0.001, 1, NaN, sp, len);
    }
  };
  return {
    record,
    /** Bytes of a frame that holds one stack, for the other side to see how deep it is. */
    firstFrame() {
      const reader = recorder.reader();
      cutFrame(reader, 0);
      record(1);
      const frame = cutFrame(reader, 1);
      recorder.reader_drop(reader);
      return [...new Uint8Array(frame)];
    },
  };
};
