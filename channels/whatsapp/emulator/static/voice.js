// Voice notes: heard, and recorded with the browser's own recorder.

import { post } from "./sending.js";
import { say } from "./toast.js";

const TAKEN = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus"]; // the emulator turns the second into the first

export function readyVoices(phone, part) {
  for (const voice of part.querySelectorAll(".message .voice")) readyVoice(phone, voice);
}

export function readyRecorder(phone) {
  const composer = phone.querySelector(".composer");
  const [record, send] = [composer.querySelector(".record"), composer.querySelector(".send")];
  const type = TAKEN.find((each) => globalThis.MediaRecorder?.isTypeSupported(each));
  if (!type || !navigator.mediaDevices) return;
  // As on a phone: a microphone where nothing is written yet.
  const choose = () => (send.hidden = !(record.hidden = composer.elements.text.value.trim() !== ""));
  composer.elements.text.addEventListener("input", choose);
  choose();
  record.addEventListener("click", () => begin(phone, type));
}

async function begin(phone, type) {
  const bar = phone.querySelector(".recording");
  const sound = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null);
  if (!sound) return say(bar.dataset.denied);
  const pieces = [];
  const recorder = new MediaRecorder(sound, { mimeType: type });
  recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
  recorder.start();
  const began = Date.now();
  const clock = bar.querySelector(".elapsed");
  const ticking = setInterval(() => (clock.value = time((Date.now() - began) / 1000)), 250);
  show(phone, true);
  const end = (keep) => {
    clearInterval(ticking);
    clock.value = time(0);
    show(phone, false);
    recorder.addEventListener("stop", () => {
      for (const track of sound.getTracks()) track.stop();
      if (keep) upload(phone, new Blob(pieces, { type }));
    });
    recorder.stop();
  };
  bar.querySelector(".discard").onclick = () => end(false);
  bar.querySelector(".finish").onclick = () => end(true);
  bar.querySelector(".finish").focus();
}

function show(phone, recording) {
  phone.querySelector(".composer").hidden = recording;
  phone.querySelector(".recording").hidden = !recording;
}

function upload(phone, sound) {
  const body = new FormData();
  body.append("file", sound, "voice-note");
  post(`/chats/${phone.dataset.chat}/media`, body);
}

function readyVoice(phone, voice) {
  const audio = voice.querySelector("audio");
  const message = voice.closest(".message");
  const length = () => Number.isFinite(audio.duration) && (voice.querySelector(".length").textContent = time(audio.duration));
  audio.addEventListener("loadedmetadata", length);
  if (audio.readyState) length();
  voice.querySelector(".listen").addEventListener("click", () => (audio.paused ? audio.play() : audio.pause()));
  for (const happening of ["play", "pause", "ended"]) audio.addEventListener(happening, () => voice.classList.toggle("playing", !audio.paused));
  if (message.classList.contains("person")) return;
  audio.addEventListener("play", () => post(`/chats/${phone.dataset.chat}/played`, new URLSearchParams({ wamid: message.dataset.wamid })), { once: true });
}

function time(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}
