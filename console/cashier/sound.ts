/** What the clerk hears: two rising tones for money, one low for none, one short for a notice; and an amount that is read out. */

type Tone = { readonly hertz: number; readonly atS: number; readonly forS: number };

const TUNES = {
  good: [
    { hertz: 880, atS: 0, forS: 0.12 },
    { hertz: 1320, atS: 0.13, forS: 0.22 },
  ],
  bad: [
    { hertz: 220, atS: 0, forS: 0.2 },
    { hertz: 175, atS: 0.24, forS: 0.35 },
  ],
  notice: [{ hertz: 500, atS: 0, forS: 0.08 }],
} satisfies Readonly<Record<string, readonly Tone[]>>;

const VOLUME = 0.3;
const FADE_S = 0.02;

let context: AudioContext | undefined;

export function play(tune: keyof typeof TUNES): void {
  // A browser without sound, or one that allows none before the first touch, is silent: the screen says it all.
  try {
    context ??= new AudioContext();
    void context.resume();
    for (const tone of TUNES[tune]) sound(context, tone);
  } catch {
    context = undefined;
  }
}

function sound(audio: AudioContext, { hertz, atS, forS }: Tone): void {
  const [oscillator, gain] = [audio.createOscillator(), audio.createGain()];
  const beginsAt = audio.currentTime + atS;
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(VOLUME, beginsAt);
  gain.gain.linearRampToValueAtTime(0, beginsAt + forS + FADE_S);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(beginsAt);
  oscillator.stop(beginsAt + forS + FADE_S);
}

export function say(text: string, language: 'zh' | 'en'): void {
  if (!('speechSynthesis' in globalThis)) return;
  const words = new SpeechSynthesisUtterance(text);
  words.lang = language === 'zh' ? 'zh-CN' : 'en-US';
  speechSynthesis.cancel();
  speechSynthesis.speak(words);
}
