/**
 * The data folder, its disk, the master key file, and what waits in the database. Pure: how the places were found is
 * handed in. Nothing of the key is looked at but its size.
 */
import type { Place } from '../../system/places.ts';
import { finding, type Finding } from './finding.ts';

const MIB = 1024 * 1024;
/** Margins to act in, not limits of anything: SQLite needs room for its log, and a backup for a copy. */
const DISK_FULL_BYTES = 100 * MIB;
const DISK_LOW_BYTES = 1024 * MIB;
/** Bits of others than the owner. */
const OTHERS = 0o077;
export const MASTER_KEY_BYTES = 32;

export function dataFolderFindings(seen: {
  readonly path: string;
  readonly place: Place;
  readonly freeBytes: number | undefined;
  readonly isSimulator: boolean;
}): readonly Finding[] {
  const { path, freeBytes } = seen;
  const found = [...folderFindings(seen)];
  if (freeBytes === undefined || freeBytes >= DISK_LOW_BYTES) return found;
  const free = `${Math.floor(freeBytes / MIB)} MiB`;
  found.push(finding(freeBytes < DISK_FULL_BYTES ? 'disk_full' : 'disk_low', { path, free }));
  return found;
}

function folderFindings(seen: {
  readonly path: string;
  readonly place: Place;
  readonly isSimulator: boolean;
}): readonly Finding[] {
  const { path, place, isSimulator } = seen;
  if (place.kind === 'missing') {
    return [finding(isSimulator ? 'data_folder_not_made' : 'data_folder_missing', { path })];
  }
  if (place.kind === 'hidden') return [finding('data_folder_not_usable', { path, why: place.why })];
  if (place.kind !== 'folder') return [finding('data_folder_no_folder', { path })];
  if (!place.isReadable || !place.isWritable) {
    return [finding('data_folder_not_usable', { path, why: `mode ${modeText(place.mode)}` })];
  }
  return isOpen(place.mode)
    ? [finding('data_folder_open', { path, mode: modeText(place.mode) })]
    : [];
}

export function masterKeyFindings(seen: {
  readonly path: string;
  readonly place: Place;
  /** Whether the next start may make the file: with the simulator, while nothing was sealed yet. */
  readonly mayBeMade: boolean;
}): readonly Finding[] {
  const { path, place, mayBeMade } = seen;
  if (place.kind === 'missing') {
    return [finding(mayBeMade ? 'master_key_not_made' : 'master_key_missing', { path })];
  }
  if (place.kind === 'hidden') return [finding('master_key_unreadable', { path, why: place.why })];
  if (place.kind !== 'file') return [finding('master_key_unreadable', { path, why: 'no file' })];
  if (!place.isReadable) {
    const why = `mode ${modeText(place.mode)}`;
    return [finding('master_key_unreadable', { path, why })];
  }
  const found: Finding[] = [];
  if (place.bytes !== MASTER_KEY_BYTES) {
    found.push(finding('master_key_wrong_size', { path, bytes: place.bytes }));
  }
  if (isOpen(place.mode)) {
    found.push(finding('master_key_open', { path, mode: modeText(place.mode) }));
  }
  return found;
}

export function waitingFindings(seen: {
  readonly overduePayments: number;
  readonly overdueRefunds: number;
  readonly openIncidents: number;
}): readonly Finding[] {
  const { overduePayments, overdueRefunds, openIncidents } = seen;
  return [
    ...(overduePayments > 0 ? [finding('payments_overdue', { count: overduePayments })] : []),
    ...(overdueRefunds > 0 ? [finding('refunds_overdue', { count: overdueRefunds })] : []),
    ...(openIncidents > 0 ? [finding('incidents_open', { count: openIncidents })] : []),
  ];
}

function isOpen(mode: number | undefined): boolean {
  return mode !== undefined && (mode & OTHERS) !== 0;
}

function modeText(mode: number | undefined): string {
  return mode === undefined ? 'unknown' : mode.toString(8).padStart(4, '0');
}
