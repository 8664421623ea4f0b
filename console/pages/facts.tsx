/** What is known of something, each with its name. What is carried elsewhere can be copied; what there is none of is left out. */
import type { ReactNode } from 'react';
import { Copied } from './copied.tsx';

export type Fact =
  | readonly [name: string, value: ReactNode]
  | readonly [name: string, value: string | null, isCopied: 'copied'];

export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts.map((fact) =>
        fact[1] === null ? null : (
          <div key={fact[0]}>
            <dt>{fact[0]}</dt>
            <dd>{valueOf(fact)}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

function valueOf(fact: Fact): ReactNode {
  return fact.length === 2 ? fact[1] : <Copied name={fact[0]} value={fact[1] ?? ''} />;
}
