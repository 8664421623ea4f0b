/** What a form about a user shows, and what of it is a change. */
import type { ChangeUserBody, User } from '../../../client/client.ts';
import type { UserFieldValues } from './user-fields.tsx';

export function fieldsOf({ display_name: name, role, merchant }: User): UserFieldValues {
  return { display_name: name ?? '', role, merchant: merchant ?? '' };
}

/** What is the same stays out; what was emptied is taken away. */
export function changeOf(before: UserFieldValues, wanted: UserFieldValues): ChangeUserBody {
  const name = wanted.display_name.trim();
  return {
    ...(name === before.display_name ? {} : { display_name: name || null }),
    ...(wanted.role === before.role ? {} : { role: wanted.role }),
    ...(wanted.merchant === before.merchant ? {} : { merchant: wanted.merchant || null }),
  };
}
