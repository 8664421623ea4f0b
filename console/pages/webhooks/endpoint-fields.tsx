/** The fields of an endpoint that adding and changing share, and what they are for the API. */
import { Checkbox, Form, Input, Radio } from 'antd';
import type { Event, WebhookEndpoint } from '../../../client/client.ts';
import { useWords } from '../../app/language.tsx';
import { EVENT_WORDS, WEBHOOKS } from '../../words/webhooks.ts';
import { CheckList } from '../check-list.tsx';
import { optionsOf } from '../choice.tsx';

export type EndpointFieldValues = {
  readonly url: string;
  readonly description?: string;
  readonly hears: 'everything' | 'these';
  /** Missing while everything is heard. */
  readonly types?: readonly Event['type'][];
};

const URL_LENGTH_MAX = 500;
const DESCRIPTION_LENGTH_MAX = 200;

export const NEW_ENDPOINT: Partial<EndpointFieldValues> = { url: 'https://', hears: 'everything' };

export function fieldsOf({ url, description, types }: WebhookEndpoint): EndpointFieldValues {
  return {
    url,
    ...(description === null ? {} : { description }),
    hears: types.length === 0 ? 'everything' : 'these',
    types,
  };
}

/** No types mean all. */
export function typesOf({ hears, types = [] }: EndpointFieldValues): readonly Event['type'][] {
  return hears === 'everything' ? [] : types;
}

export function EndpointFields() {
  const words = useWords(WEBHOOKS);
  const form = Form.useFormInstance<EndpointFieldValues>();
  const hears = Form.useWatch('hears', form);
  return (
    <>
      <Form.Item
        name="url"
        label={words.url}
        extra={words.urlHint}
        rules={[{ required: true, whitespace: true }]}
      >
        <Input maxLength={URL_LENGTH_MAX} inputMode="url" autoFocus spellCheck={false} />
      </Form.Item>
      <Form.Item name="description" label={words.description} extra={words.descriptionHint}>
        <Input maxLength={DESCRIPTION_LENGTH_MAX} />
      </Form.Item>
      <Form.Item name="hears" label={words.hears} required>
        <Radio.Group
          className="choices"
          options={[
            { value: 'everything', label: words.everything },
            { value: 'these', label: words.onlyThese },
          ]}
        />
      </Form.Item>
      {hears === 'these' ? <TypesField /> : null}
    </>
  );
}

function TypesField() {
  const words = useWords(WEBHOOKS);
  const types = useWords(EVENT_WORDS);
  return (
    <Form.Item
      name="types"
      label={words.onlyThese}
      rules={[{ required: true, type: 'array', message: words.typesNeeded }]}
    >
      <CheckList label={words.onlyThese}>
        {optionsOf<Event['type']>(types).map(([type, meaning]) => (
          <Checkbox key={type} value={type}>
            <code>{type}</code>
            <span className="note choice-note">{meaning}</span>
          </Checkbox>
        ))}
      </CheckList>
    </Form.Item>
  );
}
