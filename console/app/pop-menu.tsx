/**
 * A button with a few links or acts below it. The browser itself closes it, at a click elsewhere or Escape, and gives the focus back;
 * the next Tab leads into it.
 */
import { Button, type ButtonProps } from 'antd';
import { useId, useRef, type MouseEvent, type ReactNode, type ToggleEvent } from 'react';

type Props = Pick<ButtonProps, 'type' | 'icon' | 'children' | 'aria-label'> & {
  readonly onOpen?: () => void;
  readonly menu: ReactNode;
};

const BELOW_PX = 4;

/** For what leads away from it. */
export function closePopMenu({ currentTarget }: MouseEvent<HTMLElement>): void {
  currentTarget.closest<HTMLElement>('[popover]')?.hidePopover();
}

export function PopMenu({ menu, onOpen, ...button }: Props) {
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const open = ({ newState, currentTarget: { style } }: ToggleEvent<HTMLDivElement>): void => {
    const place = opener.current?.getBoundingClientRect();
    if (newState !== 'open' || place === undefined) return;
    style.top = `${place.bottom + BELOW_PX}px`;
    style.right = `${document.documentElement.clientWidth - place.right}px`;
    onOpen?.();
  };
  return (
    <>
      <Button ref={opener} {...button} popoverTarget={id} />
      <div id={id} popover="auto" className="pop-menu" onBeforeToggle={open}>
        {menu}
      </div>
    </>
  );
}
