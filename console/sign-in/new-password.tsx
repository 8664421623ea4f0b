/** The fields in which somebody chooses a password: once, and once more against slips of the hand. Part of a form. */
import { Form, Input } from 'antd';
import { useWords } from '../app/language.tsx';
import { LINK, SIGN_IN } from '../words/sign-in.ts';

/** As the API has it; it says so too. */
const PASSWORD_MIN = 12;
const PASSWORD_MAX = 256;

type Props = {
  /** As the API names it. */
  readonly name: 'password' | 'new_password';
  readonly size?: 'large';
};

export function NewPassword({ name, size }: Props) {
  const words = useWords(LINK);
  const { required } = useWords(SIGN_IN);
  return (
    <>
      <Form.Item
        name={name}
        label={words.password}
        extra={words.passwordHint}
        rules={[{ required: true, min: PASSWORD_MIN, message: words.passwordHint }]}
      >
        <Input.Password autoComplete="new-password" size={size} maxLength={PASSWORD_MAX} />
      </Form.Item>
      <Form.Item
        name="again"
        label={words.again}
        dependencies={[name]}
        rules={[
          { required: true, message: required },
          ({ getFieldValue }) => ({
            validator: (_rule, again: unknown) =>
              again === getFieldValue(name)
                ? Promise.resolve()
                : Promise.reject(new Error(words.differ)),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" size={size} maxLength={PASSWORD_MAX} />
      </Form.Item>
    </>
  );
}
