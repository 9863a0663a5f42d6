// Ten seconds to take Done back, by the button or Ctrl+Z.
import { useEffect, useState } from 'react';
import { Check, Undo2 } from 'lucide-react';
import { reasonOf, type Conversation } from '../api/client';
import { t } from '../i18n/i18n';
import { takeUp } from './live';
import { nameOf } from './preview';

const time = 10_000;

interface UndoBarProps {
  conversation: Conversation;
  undo: () => void;
}

export function UndoBar({ conversation, undo }: UndoBarProps) {
  return (
    <div className="undo" role="status" data-testid="undo-bar">
      <Check className="ic" />
      <span className="cut">{t('undo.done', { name: nameOf(conversation) })}</span>
      <button type="button" className="btn btn-sm" title="Ctrl+Z" data-testid="undo" onClick={undo}>
        <Undo2 className="ic" />
        {t('undo.undo')}
      </button>
    </div>
  );
}

interface Undo {
  conversation: Conversation | null; // what may be taken back now
  problem: string | null;
  offer: (conversation: Conversation) => void;
  withdraw: () => void;
  undo: () => void;
}

// `onUndone` gets the conversation that waits again.
export function useUndo(onUndone: (id: string) => void): Undo {
  const [conversation, setConversation] = useState<Conversation | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    if (conversation === null) return;
    const timer = setTimeout(() => setConversation(null), time);
    return () => clearTimeout(timer);
  }, [conversation]);
  return {
    conversation,
    problem,
    offer: (done) => {
      setProblem(null);
      setConversation(done);
    },
    withdraw: () => setConversation(null),
    undo: () => {
      if (conversation === null) return;
      setConversation(null);
      takeUp(conversation.id).catch((error: unknown) => setProblem(t('undo.failed', { reason: reasonOf(error) })));
      onUndone(conversation.id);
    },
  };
}
