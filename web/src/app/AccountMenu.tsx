// The avatar's menu: who is signed in, language, theme, sound, sign-out.
import { useState } from 'react';
import { LogOut } from 'lucide-react';
import { api, ask, reasonOf, Refusal, type Me } from '../api/client';
import { chooseLanguage, languages, t, useLanguage, type Key } from '../i18n/i18n';
import { Avatar } from '../kit/Avatar';
import { chooseTheme, theme, type Theme } from './look';
import { isSoundOn, setSound } from './notify';
import { pushState, renewPush, turnPushOff, turnPushOn } from './push';

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; name: string }[];
  onChoose: (value: T) => void;
}

function Choice<T extends string>({ label, value, options, onChoose }: ChoiceProps<T>) {
  return (
    <fieldset className="choice">
      <legend className="label">{label}</legend>
      <div className="seg">
        {options.map((option) => (
          <button
            key={option.value}
            type="button"
            aria-pressed={option.value === value}
            onClick={() => onChoose(option.value)}
          >
            {option.name}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

const themes: readonly { value: Theme; key: Key }[] = [
  { value: 'system', key: 'look.system' },
  { value: 'light', key: 'look.light' },
  { value: 'dark', key: 'look.dark' },
];

// Only admins are told of channels.
function PushChoice({ onProblem }: { onProblem: (reason: string | null) => void }) {
  const [state, setState] = useState(pushState);
  const [isBusy, setBusy] = useState(false);
  const turn = async (on: boolean) => {
    setBusy(true);
    onProblem(null);
    try {
      setState(await (on ? turnPushOn() : turnPushOff()));
    } catch (error) {
      setState(pushState());
      onProblem(error instanceof Refusal ? reasonOf(error) : t('push.failed', { reason: String(error) }));
    }
    setBusy(false);
  };
  const isPossible = state === 'on' || state === 'off';
  return (
    <div>
      <label className="row">
        <input
          type="checkbox"
          data-testid="push"
          checked={state === 'on'}
          disabled={isBusy || !isPossible}
          onChange={(event) => void turn(event.target.checked)}
        />
        {t('push.channels')}
      </label>
      {!isPossible && <p className="meta">{t(state === 'blocked' ? 'push.blocked' : 'push.unsupported')}</p>}
    </div>
  );
}

export function AccountMenu({ me, onSignOut }: { me: Me; onSignOut: () => void }) {
  const language = useLanguage();
  const [chosen, setChosen] = useState<Theme>(theme);
  const [sound, setSoundShown] = useState(isSoundOn);
  const [problem, setProblem] = useState<string | null>(null);

  const signOut = async () => {
    try {
      await ask(api.DELETE('/api/v1/session'));
      onSignOut();
    } catch (error) {
      if (error instanceof Refusal && error.problem.status === 401) onSignOut();
      else setProblem(reasonOf(error));
    }
  };

  return (
    <>
      <button
        type="button"
        className="me"
        popoverTarget="account-menu"
        title={`${me.user.name}. ${t('nav.account')}`}
        data-testid="account"
      >
        <Avatar name={me.user.name} size={28} />
        <span className="word">{t('nav.me')}</span>
        <span className="sr">{t('nav.account')}</span>
      </button>
      <div id="account-menu" popover="auto" className="menu stack-12">
        <div>
          <b className="cut who">{me.user.name}</b>
          <p className="meta cut">{me.user.email}</p>
        </div>
        <Choice
          label={t('look.language')}
          value={language}
          options={languages.map(({ code, name }) => ({ value: code, name }))}
          onChoose={(code) => void chooseLanguage(code).then(renewPush)}
        />
        <Choice
          label={t('look.theme')}
          value={chosen}
          options={themes.map(({ value, key }) => ({ value, name: t(key) }))}
          onChoose={(next) => {
            chooseTheme(next);
            setChosen(next);
          }}
        />
        <label className="row">
          <input
            type="checkbox"
            checked={sound}
            onChange={(event) => {
              setSound(event.target.checked);
              setSoundShown(event.target.checked);
            }}
          />
          {t('look.sound')}
        </label>
        {me.role !== 'operator' && <PushChoice onProblem={setProblem} />}
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <button type="button" className="btn" data-testid="sign-out" onClick={() => void signOut()}>
          <LogOut className="ic" />
          {t('nav.signOut')}
        </button>
      </div>
    </>
  );
}
