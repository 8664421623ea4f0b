/**
 * All findings of the doctor, by their stable codes, and how one is made: its code and what its sentences name. The compiler
 * knows which values each code needs. `docs/doctor.md` is made from this table.
 */
import type { Text } from '../../flows/incident-texts.ts';
import type { FindingText, Severity } from './finding-text.ts';
import { ALIPAY_TEXTS } from './texts/alipay-texts.ts';
import { DATABASE_TEXTS } from './texts/database-texts.ts';
import { GATEWAY_TEXTS } from './texts/gateway-texts.ts';
import { GENERAL_TEXTS } from './texts/general-texts.ts';
import { KEY_TEXTS } from './texts/key-texts.ts';
import { SETTINGS_TEXTS } from './texts/settings-texts.ts';
import { STORAGE_TEXTS } from './texts/storage-texts.ts';

/** By subject, as the document shows them. */
export const FINDING_GROUPS = {
  settings: SETTINGS_TEXTS,
  storage: STORAGE_TEXTS,
  database: DATABASE_TEXTS,
  keys: KEY_TEXTS,
  alipay: ALIPAY_TEXTS,
  gateway: GATEWAY_TEXTS,
  general: GENERAL_TEXTS,
} as const satisfies Readonly<Record<string, Readonly<Record<string, FindingText>>>>;

export const FINDINGS = {
  ...SETTINGS_TEXTS,
  ...STORAGE_TEXTS,
  ...DATABASE_TEXTS,
  ...KEY_TEXTS,
  ...ALIPAY_TEXTS,
  ...GATEWAY_TEXTS,
  ...GENERAL_TEXTS,
} as const;

export type FindingCode = keyof typeof FINDINGS;

export type Finding = {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly problem: Text;
  readonly fix: Text;
};

/** The names in the braces of a sentence. */
type Slots<Sentence extends string> = Sentence extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Slots<Rest>
  : never;

type Sentences<Code extends FindingCode> =
  | (typeof FINDINGS)[Code]['problem'][keyof Text]
  | (typeof FINDINGS)[Code]['fix'][keyof Text];

type Values<Code extends FindingCode> = Readonly<Record<Slots<Sentences<Code>>, string | number>>;

/** A finding with its sentences filled in. */
export function finding<Code extends FindingCode>(
  code: Code,
  ...[values]: Slots<Sentences<Code>> extends never ? [] : [Values<Code>]
): Finding {
  const text: FindingText = FINDINGS[code];
  const fill = ({ en, zh }: Text): Text => ({ en: filled(en, values), zh: filled(zh, values) });
  return { code, severity: text.severity, problem: fill(text.problem), fix: fill(text.fix) };
}

function filled(
  sentence: string,
  values: Readonly<Record<string, string | number>> | undefined,
): string {
  // A function as replacement: a value with a dollar in it is taken as it is.
  return sentence.replaceAll(/\{(\w+)\}/g, (_slot, name: string) => oneLine(values?.[name]));
}

/** A path or somebody's error message may hold line ends; a finding is one line. */
function oneLine(value: string | number | undefined): string {
  return String(value ?? '').replaceAll(/\s+/g, ' ');
}
