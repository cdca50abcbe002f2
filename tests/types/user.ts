// A script that uses `gopherscope` as its types describe it. `cargo xtask test` has `tsc` read it; nothing runs it.

import type { Gopherscope, Instance, Session, Table } from "../../crates/agent/gopherscope";

/** The table's rows, however it is stored. */
function rows<Row extends object>(table: Table<Row>): Row[] {
  if (Array.isArray(table)) return table;
  const columns = Object.entries(table) as [keyof Row, Row[keyof Row][]][];
  const length = columns[0]?.[1].length ?? 0;
  return Array.from({ length }, (_, i) => Object.fromEntries(columns.map(([key, column]) => [key, column[i]])) as Row);
}

/** Fails a build whose program crosses too often. */
export async function budget(most: number): Promise<void> {
  const profiler: Gopherscope | undefined = globalThis.gopherscope;
  if (!profiler || profiler.state !== "recording" || profiler.attach === "late") throw new Error("not recorded from the start");
  const session: Session = await profiler.snapshot();
  const calls = session.instances.flatMap((it) => it.imports).reduce((sum, it) => sum + it.calls, 0);
  if (calls > most) throw new Error(`${calls} crossings\n${await profiler.report()}`);
}

/** When main began, ms. Unknown is null. */
export function mainAt(instance: Instance): number | null {
  const main = instance.phases.find((phase) => phase.name === "main");
  return main?.exact ? main.start : null;
}

/** Functions that crossed, innermost first. */
export function leaves(session: Session): string[] {
  const [frames, stacks] = [rows(session.frames), rows(session.stacks)];
  return session.instances.flatMap((instance) =>
    rows(instance.samples).flatMap(({ stack }) => {
      const node = stack === null ? undefined : stacks[stack];
      return node ? [frames[node.frame].func] : [];
    }),
  );
}

export async function save(format = "session"): Promise<Blob> {
  if (!gopherscope!.formats.includes(format)) throw new Error(`no ${format}`);
  const bytes: Uint8Array = await gopherscope!.export(format);
  return new Blob([bytes.slice()]);
}

gopherscope?.start({ maxSamples: 1000, mode: "observe" });
gopherscope?.clear();
gopherscope?.uninstall();

// What the types must refuse.
// @ts-expect-error: the page may have no agent.
gopherscope.start();
// @ts-expect-error: it cannot be changed from outside.
gopherscope!.state = "idle";
// @ts-expect-error: there is no such mode.
gopherscope!.start({ mode: "everything" });
export function unknownIsNotZero(instance: Instance): number {
  // @ts-expect-error: an import that was never timed has no time.
  return instance.imports[0].timeMs;
}
