/** The line above the till: which shop, whether money moves, sound and voice, language, account. */
import { AudioMutedOutlined, AudioOutlined, BellOutlined, WalletOutlined } from '@ant-design/icons';
import { Link } from 'react-router';
import type { Merchant } from '../../client/client.ts';
import { AccountMenu } from '../app/account-menu.tsx';
import { LanguageSwitch } from '../app/language-switch.tsx';
import { useWords } from '../app/language.tsx';
import { useSession } from '../app/session.tsx';
import { CASHIER } from '../words/cashier.ts';
import type { Choices } from './journal.ts';
import { useDemo } from './use-demo.ts';

export function TillHeader({
  merchant,
  chooseOther,
  choices,
  onChoices,
}: {
  readonly merchant: Merchant;
  readonly chooseOther: (() => void) | undefined;
  readonly choices: Choices;
  readonly onChoices: (choices: Choices) => void;
}) {
  const words = useWords(CASHIER);
  const { user } = useSession();
  const { isDemo, walletUrl } = useDemo();
  const { isMuted, isSpeaking } = choices;
  return (
    <header className="cashier-header">
      <h1>{merchant.name ?? merchant.shop_no}</h1>
      {chooseOther === undefined ? null : (
        <button type="button" className="quiet" onClick={chooseOther}>
          {words.otherShop}
        </button>
      )}
      {isDemo ? <span className="cashier-tag">{words.demo}</span> : null}
      <span className="cashier-header-end">
        {walletUrl === undefined ? null : (
          <a
            className="quiet"
            aria-label={words.wallet}
            href={walletUrl}
            target="_blank"
            rel="noreferrer"
          >
            <WalletOutlined /> <span className="cashier-wide">{words.wallet}</span>
          </a>
        )}
        <Toggle
          isOn={!isMuted}
          label={words.mute}
          icon={<BellOutlined />}
          onClick={() => onChoices({ ...choices, isMuted: !isMuted })}
        />
        <Toggle
          isOn={isSpeaking}
          label={words.speak}
          icon={isSpeaking ? <AudioOutlined /> : <AudioMutedOutlined />}
          onClick={() => onChoices({ ...choices, isSpeaking: !isSpeaking })}
        />
        {user.role === 'clerk' ? null : (
          <Link className="quiet cashier-wide" to="/console">
            {words.console}
          </Link>
        )}
        <LanguageSwitch />
        <AccountMenu />
      </span>
    </header>
  );
}

function Toggle({
  isOn,
  label,
  icon,
  onClick,
}: {
  readonly isOn: boolean;
  readonly label: string;
  readonly icon: React.ReactNode;
  readonly onClick: () => void;
}) {
  return (
    <button
      type="button"
      className="quiet toggle"
      aria-pressed={isOn}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      {icon}
    </button>
  );
}
