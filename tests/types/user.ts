// A script of somebody else's, as TypeScript sees the API: compiled, never run.

import type { Session, StartOptions, Table } from "../../crates/agent/gopherscope";

/** A big table may come as rows or as columns. */
function rows<Row extends object>(table: Table<Row>): number {
  if (Array.isArray(table)) return table.length;
  const columns: unknown[][] = Object.values(table);
  return columns[0]?.length ?? 0;
}

function summary(session: Session): string[] {
  return session.instances.flatMap((instance) => {
    const main = instance.phases.find((phase) => phase.name === "main");
    const running: boolean = main !== undefined && main.end === null;
    const busiest = [...instance.imports].sort((a, b) => b.calls - a.calls)[0];
    const ms: number | null | undefined = busiest?.timeMs;
    const refs: (number | null)[] = instance.series.jsRefs ?? [];
    const module = session.modules.find(({ id }) => id === instance.module);
    const streamed: boolean = module?.network?.streamed ?? false;
    const collections = instance.gc ? rows(instance.gc) : 0;
    const packages = instance.inits ? rows(instance.inits) : 0;
    return [`${collections} ${packages} ${running} ${ms ?? "unknown"} ${rows(instance.samples)} ${refs.length} ${streamed}`];
  });
}

export async function profile(options: StartOptions): Promise<string[]> {
  const scope = globalThis.gopherscope;
  if (!scope) return [];
  scope.start({ ...options, maxSamples: 1000, runtimeTraces: false });
  const attach: "early" | "late" = scope.attach;
  await scope.snapshot();
  scope.clear();
  try {
    const file: Uint8Array = await scope.export(scope.formats[0] ?? "session");
    const report: string = await scope.report();
    return [attach, String(file.byteLength), report, ...summary(await scope.stop())];
  } finally {
    scope.show();
    scope.uninstall();
  }
}

export function mistakes(scope: NonNullable<typeof globalThis.gopherscope>): void {
  // @ts-expect-error: the state is told, not set.
  scope.state = "recording";
  // @ts-expect-error: no such state.
  if (scope.state === "paused") scope.clear();
  // @ts-expect-error: there may be no agent in the page.
  void gopherscope.report();
  // @ts-expect-error: it is a promise.
  const session: Session = scope.snapshot();
  // @ts-expect-error: no such mode.
  scope.start({ mode: "trace" });
  void session;
}
