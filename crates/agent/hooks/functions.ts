// A WebAssembly.Table takes only the engine's own functions, not our proxies of a Go program's exports. So a table of the
// page's gets what is behind the proxy, and gives the proxy back: what is called through the table itself is not marked as
// a stay in Go.

import { guard } from "./faults";
import { patch } from "./patch";
import { apply, construct, NativeWeakMap } from "./pristine";

const behind = new NativeWeakMap<object, unknown>();
const inFront = new NativeWeakMap<object, unknown>();
let patched = false;

/** Tells that `proxy` stands in front of the engine's `real`. */
export function standsFor(proxy: object, real: object): void {
  behind.set(proxy, real);
  inFront.set(real, proxy);
  if (!patched) guard("tables", patchTables);
}

function swap(of: WeakMap<object, unknown>, value: unknown): unknown {
  const other = typeof value === "function" ? of.get(value) : undefined;
  return other ?? value;
}

/** Only once there is a Go program: other pages keep their tables as they are. */
function patchTables(): void {
  patched = true;
  const { Table } = WebAssembly;
  const withReal = (args: unknown[]) => (args.length > 1 ? [args[0], swap(behind, args[1])] : args);
  for (const name of ["set", "grow"]) {
    patch(Table.prototype, name, { apply: (native, self, args: unknown[]) => apply(native, self, withReal(args)) as unknown });
  }
  patch(Table.prototype, "get", { apply: (native, self, args: unknown[]) => swap(inFront, apply(native, self, args)) });
  patch(WebAssembly, "Table", {
    construct: (native, args: unknown[], newTarget) => construct(native, withReal(args), newTarget) as object,
  });
}
