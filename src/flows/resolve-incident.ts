/**
 * A person resolves an incident: who and why is stored with it and in the payment's history, in one transaction with
 * version checks. It changes nothing about the money: what is to be done, the person has done. What became moot by itself is
 * resolved by `record-change.ts`.
 */
import { assert } from '../core/assert.ts';
import { GATEWAY, type Incident } from '../core/incident.ts';
import { lengthOf } from '../core/limits.ts';
import { inRace, RaceLost } from '../store/database.ts';
import { findIncident, saveResolution } from '../store/incidents.ts';
import { findPayment, savePaymentVersion } from '../store/payments.ts';
import { nothingBeside, type Beside } from './beside.ts';
import type { Deps } from './deps.ts';
import { recordChange, resolvedEvent, type Recorded } from './record-change.ts';

export type Resolution = { readonly by: string; readonly note: string };

export type ResolveResult =
  | { readonly kind: 'resolved'; readonly incident: Incident }
  /** Nothing was changed: `incident` was resolved before. */
  | { readonly kind: 'already'; readonly incident: Incident }
  | { readonly kind: 'unknown' }
  /** A field breaks its rule; nothing was changed. */
  | { readonly kind: 'invalid'; readonly field: keyof Resolution; readonly rule: string };

const BY_LENGTH_MAX = 64;
const NOTE_LENGTH_MAX = 500;
/** Times that a writer may lose against others on one row before something is wrong with the row. */
const RACES_MAX = 50;

export async function resolveIncident(
  deps: Pick<Deps, 'db' | 'clock'>,
  incidentNo: number,
  resolution: Resolution,
  beside: Beside<Incident> = nothingBeside,
): Promise<ResolveResult> {
  const invalid = faultOf(resolution);
  if (invalid !== undefined) return { kind: 'invalid', ...invalid };
  const by = resolution.by.trim();
  const note = resolution.note.trim();
  for (let race = 0; race < RACES_MAX; race += 1) {
    const nowMs = deps.clock.nowMs();
    const result = await inRace(deps.db, async (tx): Promise<ResolveResult> => {
      const before = await findIncident(tx, incidentNo);
      if (before === undefined) return { kind: 'unknown' };
      if (before.state === 'resolved') return { kind: 'already', incident: before };
      const payment = await findPayment(tx, before.merchantId, before.paymentNo);
      assert(payment !== undefined, 'an incident is of a stored payment');
      const incident: Incident = {
        ...before,
        state: 'resolved',
        resolvedAtMs: nowMs,
        resolvedBy: by,
        note,
        version: before.version + 1,
      };
      const after = { ...payment, version: payment.version + 1 };
      // The payment first: whoever holds its row may write its incidents.
      const wrote = (await savePaymentVersion(tx, after)) && (await saveResolution(tx, incident));
      if (!wrote) throw new RaceLost();
      const change: Recorded = {
        payment: { before: payment, after },
        events: [resolvedEvent(incident)],
      };
      await recordChange(tx, change, nowMs);
      await beside(tx, incident);
      return { kind: 'resolved', incident };
    });
    if (result !== undefined) return result;
  }
  throw new Error(`Incident ${incidentNo} lost ${RACES_MAX} races in a row`);
}

/** How somebody is named who resolves: no longer than may be, and never as the gateway is. */
export function resolverName(name: string): string {
  const kept = Array.from(name.trim()).slice(0, BY_LENGTH_MAX).join('').trim();
  return kept.toLowerCase() === GATEWAY ? `"${kept}"` : kept;
}

/** Both are shown to whoever looks later, on a terminal too: no control characters. */
const CONTROL = /\p{Cc}/u;

function faultOf({ by, note }: Resolution): { field: keyof Resolution; rule: string } | undefined {
  if (!isText(by, BY_LENGTH_MAX)) {
    return {
      field: 'by',
      rule: `1 to ${BY_LENGTH_MAX} characters, none of them a control character`,
    };
  }
  if (by.trim().toLowerCase() === GATEWAY) {
    return {
      field: 'by',
      rule: `a person's name; "${GATEWAY}" resolves only what became moot by itself`,
    };
  }
  if (!isText(note, NOTE_LENGTH_MAX)) {
    return {
      field: 'note',
      rule: `1 to ${NOTE_LENGTH_MAX} characters, none of them a control character`,
    };
  }
  return undefined;
}

function isText(text: string, lengthMax: number): boolean {
  const trimmed = text.trim();
  return trimmed !== '' && lengthOf(trimmed) <= lengthMax && !CONTROL.test(trimmed);
}
