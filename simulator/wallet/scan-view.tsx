/** A QR code to pay: seen by the camera, or pasted as text. Why the camera stays dark is told, and the text is always possible. */
import { useEffect, useEffectEvent, useRef, useState } from 'react';

import { useWords } from './language.tsx';
import { openQrReader } from './qr-reader.ts';
import { after } from './system.ts';
import { useWallet } from './wallet-state.tsx';

const LOOK_AGAIN_MS = 200;
const QR_TEXT = /^\S{1,1024}$/;

type CameraProblem = 'cameraRefused' | 'cameraMissing' | 'cameraInsecure';

const problemOf = (error: unknown): CameraProblem =>
  error instanceof DOMException && error.name === 'NotAllowedError'
    ? 'cameraRefused'
    : 'cameraMissing';

/** The camera's picture on a video element, until it is taken away or has seen a code. */
async function watch(
  video: HTMLVideoElement,
  signal: AbortSignal,
  seen: (text: string) => void,
): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: 'environment', width: { ideal: 1280 } },
  });
  const stop = (): void => stream.getTracks().forEach((track) => track.stop());
  if (signal.aborted) return stop();
  signal.addEventListener('abort', stop);
  video.srcObject = stream;
  const [read] = await Promise.all([openQrReader(), video.play()]);
  const look = async (): Promise<void> => {
    const text = await read(video);
    if (signal.aborted) return;
    if (text !== undefined && QR_TEXT.test(text)) return seen(text);
    signal.addEventListener(
      'abort',
      after(LOOK_AGAIN_MS, () => void look()),
    );
  };
  await look();
}

function Camera({
  onSeen,
  onProblem,
}: {
  readonly onSeen: (text: string) => void;
  readonly onProblem: (problem: CameraProblem) => void;
}) {
  const words = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const seen = useEffectEvent(onSeen);
  const failed = useEffectEvent((error: unknown) => onProblem(problemOf(error)));
  useEffect(() => {
    const abort = new AbortController();
    if (video.current !== null) {
      watch(video.current, abort.signal, (text) => seen(text)).catch((error: unknown) => {
        if (!abort.signal.aborted) failed(error);
      });
    }
    return () => abort.abort();
  }, []);
  return (
    <div className="camera">
      <video ref={video} muted playsInline aria-label={words.cameraPicture} />
      <output>{words.looking}</output>
    </div>
  );
}

function PasteForm({ onText }: { readonly onText: (text: string) => void }) {
  const words = useWords();
  const [text, setText] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const isGood = QR_TEXT.test(text.trim());
        setIsWrong(!isGood);
        if (!isGood) return;
        onText(text.trim());
        setText('');
      }}
    >
      <label htmlFor="qr-text">{words.qrText}</label>
      <input
        id="qr-text"
        value={text}
        placeholder="https://qr.alipay.com/bax…"
        autoComplete="off"
        inputMode="url"
        aria-invalid={isWrong}
        aria-describedby={isWrong ? 'qr-text-wrong' : undefined}
        onChange={(event) => setText(event.target.value)}
      />
      {isWrong ? (
        <p className="problem" id="qr-text-wrong" role="alert">
          {words.qrTextWrong}
        </p>
      ) : undefined}
      <button type="submit" className="primary">
        {words.next}
      </button>
    </form>
  );
}

export function ScanView() {
  const words = useWords();
  const { scan } = useWallet();
  const [isOpen, setIsOpen] = useState(false);
  const [problem, setProblem] = useState<CameraProblem | 'lost'>();
  const pay = (text: string): void => {
    setIsOpen(false);
    setProblem(undefined);
    scan(text).catch(() => setProblem('lost'));
  };
  const openCamera = (): void => {
    const isPossible = 'mediaDevices' in navigator;
    setProblem(isPossible ? undefined : 'cameraInsecure');
    setIsOpen(isPossible);
  };
  return (
    <section className="card">
      <h2>{words.scanTitle}</h2>
      <p className="hint">{words.scanHint}</p>
      {isOpen ? (
        <Camera
          onSeen={pay}
          onProblem={(found) => {
            setIsOpen(false);
            setProblem(found);
          }}
        />
      ) : undefined}
      {problem === undefined ? undefined : (
        <p className="problem" role="alert">
          {words[problem]}
        </p>
      )}
      <button
        type="button"
        className="secondary"
        onClick={isOpen ? () => setIsOpen(false) : openCamera}
      >
        {isOpen ? words.closeCamera : words.openCamera}
      </button>
      <PasteForm onText={pay} />
    </section>
  );
}
