// A voice message or another sound: play, a bar to move in, the time, the speed.
import { useRef, useState } from 'react';
import { Pause, Play } from 'lucide-react';
import { t } from '../i18n/i18n';

const speeds = [1, 1.5, 2];

function minutes(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.floor(seconds) : 0;
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

export function Player({ url, name }: { url: string; name: string }) {
  const audio = useRef<HTMLAudioElement>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(0);
  const [speed, setSpeed] = useState(1);
  const [failed, setFailed] = useState(false);

  const toggle = () => {
    const sound = audio.current;
    if (!sound) return;
    if (sound.paused) sound.play().catch(() => setFailed(true));
    else sound.pause();
  };
  const faster = () => {
    const next = speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1;
    if (audio.current) audio.current.playbackRate = next;
    setSpeed(next);
  };

  return (
    <span className="player">
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- what a customer sent has no captions */}
      <audio
        ref={audio}
        src={url}
        preload="metadata"
        aria-label={name}
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => setAt(0)}
        onError={() => setFailed(true)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onLoadedMetadata={(event) => setLength(event.currentTarget.duration)}
      />
      <button
        type="button"
        className="play"
        aria-label={isPlaying ? t('player.pause') : t('player.play')}
        onClick={toggle}
      >
        {isPlaying ? <Pause className="ic" /> : <Play className="ic" />}
      </button>
      {failed ? (
        <a href={url} download>
          {t('media.download')}
        </a>
      ) : (
        <input
          type="range"
          min={0}
          max={Number.isFinite(length) && length > 0 ? length : 1}
          step="any"
          value={at}
          aria-label={t('player.place')}
          onChange={(event) => {
            if (audio.current) audio.current.currentTime = Number(event.target.value);
            setAt(Number(event.target.value));
          }}
        />
      )}
      <span className="meta num">{minutes(at > 0 ? at : length)}</span>
      <button
        type="button"
        className="speed num"
        aria-label={`${t('player.speed')}: ${speed}×`}
        title={t('player.speed')}
        onClick={faster}
      >
        {speed}×
      </button>
    </span>
  );
}
