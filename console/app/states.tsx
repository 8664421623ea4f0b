/**
 * What stands where something is loading, failed, or does not exist. Each page shows these in place of its content, never an empty
 * white.
 */
import { Alert, Button, Flex, Spin, Typography } from 'antd';
import { Component, type ReactNode } from 'react';
import { Link } from 'react-router';
import { errorText, requestIdOf } from '../api/error-text.ts';
import { SHELL } from '../words/shell.ts';
import { useLanguage, useWords } from './language.tsx';

export function Loading() {
  const words = useWords(SHELL);
  return (
    <output className="state" aria-label={words.loading}>
      <Spin />
    </output>
  );
}

/** What went wrong, and a button to try again. */
export function Failure({ error, again }: { readonly error: unknown; readonly again: () => void }) {
  const words = useWords(SHELL);
  const { language } = useLanguage();
  const requestId = requestIdOf(error);
  return (
    <Alert
      type="error"
      showIcon
      title={words.failed}
      description={
        <>
          {errorText(error, language)}
          {requestId === undefined ? null : <div>{words.requestNumber(requestId)}</div>}
        </>
      }
      action={<Button onClick={again}>{words.tryAgain}</Button>}
    />
  );
}

export function NotFound() {
  const words = useWords(SHELL);
  return (
    <State title={words.notFound}>
      <Link to="/console">{words.toStart}</Link>
    </State>
  );
}

/** A sentence in the middle of an otherwise empty page, and what to do. */
function State({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Flex vertical align="center" gap={16} className="state">
      <Typography.Title level={1} className="page-title">
        {title}
      </Typography.Title>
      {children}
    </Flex>
  );
}

/** A fault of the page itself. React wants a class for it. */
export class FaultBoundary extends Component<
  { readonly children: ReactNode },
  { readonly hasFailed: boolean }
> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    return this.state.hasFailed ? <PageFault /> : this.props.children;
  }
}

export function PageFault() {
  const words = useWords(SHELL);
  return (
    <State title={words.pageFault}>
      <ReloadButton />
    </State>
  );
}

/** The gateway was away when the page was opened, or has another version by now. */
export function NotLoaded() {
  const words = useWords(SHELL);
  return (
    <State title={words.notLoaded}>
      <span>{words.notLoadedWhy}</span>
      <ReloadButton />
    </State>
  );
}

function ReloadButton() {
  const words = useWords(SHELL);
  return (
    <Button type="primary" onClick={() => location.reload()}>
      {words.reload}
    </Button>
  );
}
