// Makes Okno installable and openable without a network: public/sw.js keeps the pages of the last visit.
interface ScriptPolicy {
  createScriptURL(address: string): string;
}

declare const trustedTypes:
  { createPolicy(name: string, rules: { createScriptURL(address: string): string }): ScriptPolicy } | undefined;

const address = '/sw.js';

export function registerPages(): void {
  if (!('serviceWorker' in navigator)) return;
  const policy = typeof trustedTypes === 'undefined' ? null : trustedTypes;
  const script = policy?.createPolicy('okno', { createScriptURL: () => address }).createScriptURL('') ?? address;
  navigator.serviceWorker.register(script).catch(() => {}); // Okno works without it, only not offline
}
