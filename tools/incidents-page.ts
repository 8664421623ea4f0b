/**
 * The text of `docs/incidents.md`, made from the texts of `src/flows/incident-texts.ts`, which `f2f incident show` prints
 * too. The reasons are those of `src/core/incident.ts`, in their order. `generate-docs.ts` writes the page.
 */
import { INCIDENT_TEXTS, type IncidentText } from '../src/flows/incident-texts.ts';
import { INCIDENT_REASONS } from '../src/core/incident.ts';
import { paragraphs } from './markdown.ts';

const INTRODUCTION = `# Incidents

What the gateway cannot decide from verified evidence, it does not guess: it opens an incident, and a person decides. The metric
\`f2f_open_incidents\` counts them, \`npm run f2f -- incident list\` lists them, \`incident show NO\` says what happened, and
\`incident resolve NO --by NAME --note TEXT\` closes one. A resolution changes nothing about the money. While an incident is open, the same
fact is counted on it and opens no second one. What becomes moot for certain is resolved by the gateway itself.

凡是不能由验签通过的证据得出结论的，网关不猜测，而是登记一个事件，由人来决定。指标 \`f2f_open_incidents\` 为未结事件数，\`npm run f2f -- incident list\` 列出事件，
\`incident show NO\` 说明经过，\`incident resolve NO --by NAME --note TEXT\` 结案。结案不改变任何款项。事件未结时，同一事实再次出现只在其上计数，不另立事件。
确定已无意义的事件由网关自动结案。

Generated from \`src/flows/incident-texts.ts\` by \`npm run docs\`: change it there. 本页由程序生成，请勿直接修改。
`;

const PARTS: readonly (readonly [keyof IncidentText, string])[] = [
  ['happened', 'What happened 发生了什么'],
  ['undecided', 'Why the gateway did not decide 网关为何不作决定'],
  ['todo', 'What a person can do 人可以做什么'],
];

/** The whole text of `docs/incidents.md`. */
export function incidentsPage(): string {
  const sections = INCIDENT_REASONS.map((reason) => {
    const texts: IncidentText = INCIDENT_TEXTS[reason];
    const parts = PARTS.map(([part, title]) => `**${title}.** ${paragraphs(texts[part])}`);
    return [`## ${reason}`, ...parts].join('\n\n');
  });
  return `${[INTRODUCTION.trim(), ...sections].join('\n\n')}\n`;
}
