/**
 * The rows of a list: a table where there is room, and cards on a phone. A row leads to what it is about; its first cell is the link,
 * for keyboards, and the whole row for the mouse. One that leads nowhere may hold buttons. Nothing comes in or moves while a reader's
 * hand is on them.
 */
import { Grid } from 'antd';
import { useState, type ReactNode } from 'react';
import { Link, useNavigate } from 'react-router';

export type Column<Row> = {
  readonly key: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Where the cell itself leads, in a table: a card leads to one place. */
  readonly to?: (row: Row) => string | undefined;
  /** Amounts stand under each other. */
  readonly isAmount?: boolean;
};

type Props<Row> = {
  readonly label: string;
  readonly rows: readonly Row[];
  /** The first is the link, where rows lead somewhere. */
  readonly columns: readonly Column<Row>[];
  readonly pathOf?: (row: Row) => string;
  /** The one that is open beside the list. */
  readonly openId?: string | undefined;
};

/** Whether a hand is on the rows; and what a list gives its rows to find out. */
export function useHold() {
  const [isHeld, setHeld] = useState(false);
  return {
    isHeld,
    holders: {
      onPointerEnter: () => setHeld(true),
      onPointerLeave: () => setHeld(false),
      onFocus: () => setHeld(true),
      onBlur: () => setHeld(false),
    },
  } as const;
}

export function Rows<Row extends { readonly id: string }>(props: Props<Row>) {
  const isWide = Grid.useBreakpoint().md ?? true;
  return isWide ? <Table {...props} /> : <Cards {...props} />;
}

function Table<Row extends { readonly id: string }>(props: Props<Row>) {
  const { label, rows, columns, pathOf, openId } = props;
  const navigate = useNavigate();
  return (
    <table className={pathOf === undefined ? 'rows rows-still' : 'rows'} aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ key, title, isAmount }) => (
            <th key={key} scope="col" className={isAmount ? 'cell-amount' : undefined}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr
            key={row.id}
            className={row.id === openId ? 'row-open' : undefined}
            {...(pathOf === undefined ? {} : { onClick: () => void navigate(pathOf(row)) })}
          >
            {columns.map(({ key, cell, isAmount, to }, index) => (
              <td key={key} className={isAmount ? 'cell-amount' : undefined}>
                <MaybeLink to={(index === 0 ? pathOf : to)?.(row)}>{cell(row)}</MaybeLink>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cards<Row extends { readonly id: string }>(props: Props<Row>) {
  const { label, rows, columns, pathOf } = props;
  return (
    <ul className="row-cards" aria-label={label}>
      {rows.map((row) => {
        const lines = <CardLines row={row} columns={columns} />;
        return (
          <li key={row.id}>
            {pathOf === undefined ? (
              <div className="row-card">{lines}</div>
            ) : (
              <Link to={pathOf(row)} className="row-card">
                {lines}
              </Link>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function CardLines<Row>({ row, columns }: Pick<Props<Row>, 'columns'> & { readonly row: Row }) {
  return columns.map(({ key, title, cell, isAmount }) => (
    <span key={key} className={isAmount ? 'card-line card-amount' : 'card-line'}>
      <span className="card-name">{title}</span>
      <span>{cell(row)}</span>
    </span>
  ));
}

type LinkProps = { readonly to: string | undefined; readonly children: ReactNode };

function MaybeLink({ to, children }: LinkProps) {
  if (to === undefined) return children;
  return (
    // The row would follow it a second time.
    <Link to={to} onClick={(event) => event.stopPropagation()}>
      {children}
    </Link>
  );
}
