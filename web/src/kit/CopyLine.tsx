// A value to carry elsewhere, with a button that copies it and says so.
import { useEffect, useState } from 'react';
import { Check, Copy } from 'lucide-react';
import { t } from '../i18n/i18n';

export function CopyLine({ label, value }: { label: string; value: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <div>
      <span className="label">{label}</span>
      <div className="copy">
        <span className="mono cut" title={value}>
          {value}
        </span>
        <button
          type="button"
          className="btn btn-sm btn-quiet"
          onClick={() => void navigator.clipboard.writeText(value).then(() => setCopied(true))}
        >
          {copied ? <Check className="ic" /> : <Copy className="ic" />}
          <span aria-live="polite">{copied ? t('channels.copied') : t('channels.copy')}</span>
        </button>
      </div>
    </div>
  );
}
