/** Boxes of which some are ticked, each with more than a word beside it: the field of a form. */
import { Checkbox } from 'antd';
import type { ReactNode, Ref } from 'react';

type Props<Value extends string> = {
  readonly label: string;
  /** `Checkbox`es. */
  readonly children: ReactNode;
  // The form gives these; what else it gives, a group may not have.
  readonly id?: string;
  readonly ref?: Ref<HTMLDivElement>;
  readonly value?: readonly Value[];
  readonly onChange?: (ticked: readonly Value[]) => void;
};

export function CheckList<Value extends string>(props: Props<Value>) {
  const { label, children, id, ref, value = [], onChange } = props;
  return (
    <Checkbox.Group<Value>
      {...(id === undefined ? {} : { id })}
      {...(ref === undefined ? {} : { ref })}
      aria-label={label}
      className="choices"
      value={[...value]}
      onChange={(ticked) => onChange?.(ticked)}
    >
      {children}
    </Checkbox.Group>
  );
}
