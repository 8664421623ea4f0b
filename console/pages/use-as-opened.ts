/**
 * What a form was opened with. The page behind it is read again meanwhile: what differs is told from what was seen, and a change by
 * somebody else since is refused and not written over.
 */
import { useState } from 'react';

export function useAsOpened<Read extends object>(read: Read): Read {
  const [opened] = useState(read);
  return opened;
}
