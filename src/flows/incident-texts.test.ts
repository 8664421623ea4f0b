/** The texts about incidents: each says its three things, in both languages, and says nothing twice. */
import { expect, test } from 'vitest';
import { INCIDENT_REASONS } from '../core/incident.ts';
import { INCIDENT_TEXTS, type IncidentText } from './incident-texts.ts';

const PARTS = ['happened', 'undecided', 'todo'] as const;
const all = INCIDENT_REASONS.flatMap((reason) => {
  const text: IncidentText = INCIDENT_TEXTS[reason];
  return PARTS.map((part) => text[part]);
});

test.each(INCIDENT_REASONS)('%s: what happened, why it is undecided, what to do', (reason) => {
  const text: IncidentText = INCIDENT_TEXTS[reason];
  for (const part of PARTS) {
    expect(text[part].en).toMatch(/^[A-Z].{40,}\.$/);
    expect(text[part].en).not.toMatch(/\p{Script=Han}/u);
    expect(text[part].zh).toMatch(/^[\p{Script=Han}F].{15,}。$/u);
  }
});

test('no text stands for two reasons', () => {
  expect(new Set(all.map(({ en }) => en)).size).toBe(all.length);
  expect(new Set(all.map(({ zh }) => zh)).size).toBe(all.length);
});
