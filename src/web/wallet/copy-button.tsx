export interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
}

/** Shown where the browser can copy; the text stands beside it for everybody else. */
export function CopyButton({ text, label }: CopyButtonProps) {
  return (
    <button type="button" class="needs-script" data-copy={text}>
      {label}
    </button>
  );
}
