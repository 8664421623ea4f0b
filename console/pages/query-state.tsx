/** What stands in place of a list that is being read, could not be read, or is empty. */
import { Empty, Flex } from 'antd';
import type { ReactNode } from 'react';
import { Failure, Loading } from '../app/states.tsx';

type Props<Data> = {
  readonly query: {
    readonly data: Data | undefined;
    readonly error: unknown;
    readonly refetch: () => Promise<unknown>;
  };
  readonly children: (data: Data) => ReactNode;
};

/** What was read before stays while it is read again; that this failed stands above it. */
export function QueryState<Data>({ query: { data, error, refetch }, children }: Props<Data>) {
  const failure = error ? <Failure error={error} again={() => void refetch()} /> : null;
  if (data === undefined) return failure ?? <Loading />;
  return (
    <>
      {failure}
      {children(data)}
    </>
  );
}

export function Nothing({
  text,
  children,
}: {
  readonly text: string;
  readonly children?: ReactNode;
}) {
  return (
    <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={text} className="nothing">
      <Flex justify="center" gap={8} wrap>
        {children}
      </Flex>
    </Empty>
  );
}
