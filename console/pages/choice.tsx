/** A choice of one among few, or of any: the form that all filters of lists have. */
import { Select } from 'antd';

type Props<Value extends string> = {
  readonly label: string;
  /** What it says while nothing is chosen. */
  readonly anyText: string;
  readonly value: Value | undefined;
  readonly options: readonly (readonly [value: Value, text: string])[];
  readonly onChoose: (value: Value | undefined) => void;
  /** Where there are too many to look through. */
  readonly isSearched?: boolean;
};

const ANY = '';

export function Choice<Value extends string>(props: Props<Value>) {
  const { label, anyText, value, options, onChoose, isSearched = false } = props;
  return (
    <Select<Value | typeof ANY>
      aria-label={label}
      className="filter"
      value={value ?? ANY}
      onChange={(chosen) => onChoose(chosen === ANY ? undefined : chosen)}
      showSearch={isSearched ? { optionFilterProp: 'label' } : false}
      popupMatchSelectWidth={false}
      options={[
        { value: ANY, label: anyText },
        ...options.map(([each, text]) => ({ value: each, label: text })),
      ]}
    />
  );
}

/** A table of words as options, in its order. */
export function optionsOf<Value extends string>(
  words: Readonly<Record<Value, string>>,
): readonly (readonly [value: Value, text: string])[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `Object.entries` forgets the names
  return Object.entries(words) as [Value, string][];
}
