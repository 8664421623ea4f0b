/**
 * A button for an act that is not always allowed. When it is not, it stays where it is, can be reached by the keyboard, and says why
 * not; it does nothing then.
 */
import { Button, Tooltip, type ButtonProps } from 'antd';
import { useId } from 'react';

type Props = Pick<ButtonProps, 'danger' | 'type' | 'loading' | 'icon' | 'size'> & {
  readonly children: string;
  /** Undefined when it is allowed. */
  readonly whyNot: string | undefined;
  readonly onAct: () => void;
};

export function ActionButton({ children, whyNot, onAct, ...look }: Props) {
  const reasonId = useId();
  if (whyNot === undefined) {
    return (
      <Button {...look} onClick={onAct}>
        {children}
      </Button>
    );
  }
  return (
    <Tooltip title={whyNot} trigger={['hover', 'focus', 'click']}>
      <Button
        icon={look.icon}
        size={look.size ?? 'medium'}
        aria-disabled="true"
        aria-describedby={reasonId}
        className="button-idle"
      >
        {children}
        <span id={reasonId} hidden>
          {whyNot}
        </span>
      </Button>
    </Tooltip>
  );
}
