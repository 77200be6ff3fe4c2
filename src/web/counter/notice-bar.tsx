import { noticeText } from './notice-text.ts';
import { isAlert } from './till-model.ts';
import type { View } from './view.ts';

/** Two regions that are always there, so that what comes into them is read out: polite and not. */
export function NoticeBar({ view }: { readonly view: View }) {
  const { notice } = view.state;
  const text = notice === null ? '' : noticeText(view, notice);
  const alert = notice !== null && isAlert(notice);
  return (
    <div class="notices">
      <p role="status" class="notice">
        {alert ? '' : text}
      </p>
      <p role="alert" class="notice bad">
        {alert ? text : ''}
      </p>
    </div>
  );
}
