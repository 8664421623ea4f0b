/** What a person carries elsewhere: a number, a key, a link. It is shown whole, and copied by its button. */
import { Typography } from 'antd';
import { useWords } from '../app/language.tsx';
import { ACTS } from '../words/acts.ts';

/** `name` says what is copied. */
export function Copied({ name, value }: { readonly name: string; readonly value: string }) {
  const words = useWords(ACTS);
  return (
    <Typography.Text code copyable={{ tooltips: [`${words.copy}: ${name}`, words.copied] }}>
      {value}
    </Typography.Text>
  );
}

/** The same for what is long or has lines: it stands in a box that scrolls. */
export function CopiedText({ name, value }: { readonly name: string; readonly value: string }) {
  const words = useWords(ACTS);
  return (
    <div className="copied-text">
      <Typography.Text
        strong
        copyable={{ text: value, tooltips: [`${words.copy}: ${name}`, words.copied] }}
      >
        {name}
      </Typography.Text>
      {/* Whoever cannot copy by a button marks it: the keyboard can reach it, to scroll. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached */}
      <pre tabIndex={0} aria-label={name}>
        {value}
      </pre>
    </div>
  );
}
