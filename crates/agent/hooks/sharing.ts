// What this realm may share with workers, and which of its policies have refused something of ours. Read once, after the
// program's first call into WebAssembly; refusals as they come.

import { guard } from "./faults";
import { inWindow, listen, NativeMemory, root, setAfter } from "./pristine";
import { post, recorder } from "./recorder";

/** Refusals told. */
const CAP = 16;

const refused: string[] = [];
let features = 0;
let from: string | undefined;

interface Policy {
  allowsFeature?(name: string): boolean;
  features?(): string[];
}

function sharesMemory(): boolean {
  try {
    return new NativeMemory({ initial: 1, maximum: 1, shared: true }).buffer instanceof SharedArrayBuffer;
  } catch {
    return false;
  }
}

/** Bits as `protocol::feature` names them. */
function look(): void {
  const page = (inWindow ? document : {}) as { permissionsPolicy?: Policy; featurePolicy?: Policy };
  const policy = page.permissionsPolicy ?? page.featurePolicy;
  const knows = policy?.features?.().includes("cross-origin-isolated");
  [
    root.crossOriginIsolated,
    typeof SharedArrayBuffer === "function",
    sharesMemory(),
    typeof Atomics === "object" && "waitAsync" in Atomics,
    root.isSecureContext,
    root.originAgentCluster,
    "originAgentCluster" in root,
    typeof Worker === "function",
    knows,
    knows && policy!.allowsFeature!("cross-origin-isolated"),
  ].forEach((has, bit) => (features |= has ? 1 << bit : 0));
}

const tell = (): void => recorder.environment(features, navigator.hardwareConcurrency || 0, post(refused.join("\0")));

/** Notes what a policy of the page has refused of ours. */
export function noteRefusal(event: SecurityPolicyViolationEvent): void {
  const { blockedURI, disposition, effectiveDirective } = event;
  if (disposition !== "enforce" || refused.length >= CAP || refused.includes(effectiveDirective)) return;
  if (!from || !blockedURI.startsWith(from)) return;
  refused.push(effectiveDirective);
  guard("environment", tell);
}

/** `site`: where we come from. */
export function tellSharing(site: string | undefined): void {
  from = site && new URL(site).origin;
  setAfter(() => guard("environment", () => (look(), tell())), 0);
  listen?.("securitypolicyviolation", noteRefusal);
}
