// Puts the page together: bar with customer, number and clock, the phone, the faults, and on /demo Okno's window.
import { Faults } from "./faults.js";
import { Journal } from "./journal.js";
import { messenger, messengers, switchMessenger } from "./messengers.js";
import { get, icon, make, patch, post } from "./parts.js";
import { dayText, say, switchLanguage, timeText } from "./words.js";

const pause = 500;
const element = (id) => document.getElementById(id);
const notice = make("p.notice", { hidden: true, role: "status", data: { testid: "notice" } });
const phone = new messenger.Phone(element("phone"), (text) => tell(text));
const faults = new Faults(element("faults"));
const journal = new Journal(element("faults"));
let phones = [];
let numbers = [];

function tell(text) {
  notice.textContent = text;
  notice.hidden = !text;
}

function toggle(word, testid, onchange) {
  const box = make("input", { type: "checkbox", data: { testid }, onchange: () => onchange(box.checked) });
  return [box, make("label.toggle", {}, box, say(word))];
}

const customerChoice = make("select", { label: say("customer"), data: { testid: "phone-customer" }, onchange: choose });
const numberChoice = make("select", { label: say("number"), data: { testid: "phone-number" }, onchange: choose });
const clockText = make("b", { data: { testid: "clock-now" } });
const faultsButton = make("button.btn", { type: "button", ariaExpanded: "false", data: { testid: "faults-open" }, onclick: () => {
  element("faults").hidden = !element("faults").hidden;
  faultsButton.ariaExpanded = String(!element("faults").hidden);
} }, say("faults"));
const [, pocket] = toggle("pocket", "phone-pocket", (isOn) => { phone.inPocket = isOn; });
const [offlineBox, offline] = toggle("offline", "phone-offline", (isOn) => patch("phones/" + phone.customer.wa_id, { online: !isOn }));

function clockButton(word, testid, hours) {
  return make("button.btn", { type: "button", data: { testid }, onclick: async () => {
    await post("clock", { advance_ms: hours * 3600 * 1000 });
    await tick();
  } }, say(word));
}

function choose() {
  phone.show(phones.find((one) => one.wa_id === customerChoice.value) ?? phones[0],
    numbers.find((one) => one.id === numberChoice.value) ?? numbers[0]);
  offlineBox.checked = phone.customer ? !phone.customer.online : false;
}

function fill(select, list, id, text) {
  const wanted = JSON.stringify(list.map((one) => [one[id], text(one)]));
  if (select.dataset.filled === wanted) return;
  const kept = select.value;
  select.replaceChildren(...list.map((one) => make("option", { value: one[id] }, text(one))));
  if (list.some((one) => one[id] === kept)) select.value = kept;
  select.dataset.filled = wanted;
}

function newCustomer() {
  const name = make("input", { type: "text", placeholder: say("name"), label: say("name"), data: { testid: "new-name" } });
  const number = make("input", { type: "tel", placeholder: "+7 916 123-45-67", label: say("phone"), data: { testid: "new-phone" } });
  const create = async () => {
    const made = await messenger.create(name.value, number.value).catch((error) => tell(error.message));
    dialog.close();
    if (!made) return;
    await loadPeople();
    customerChoice.value = made;
    choose();
  };
  const dialog = make("dialog.form", { onclose: () => dialog.remove() }, make("h2", {}, say("newCustomer")), name, number,
    make("button.btn", { type: "button", onclick: create, data: { testid: "new-create" } }, say("create")));
  document.body.append(dialog);
  dialog.showModal();
}

async function loadPeople() {
  ({ phones, numbers } = await messenger.load());
  fill(customerChoice, phones, "wa_id", (one) => one.name);
  fill(numberChoice, numbers, "id", (one) => one.verified_name || one.display_phone_number);
  numberChoice.hidden = numbers.length < 2;
  choose();
}

function buildBar(isDemo) {
  element("bar").append(
    ...(isDemo ? [make("span.chip", {}, say("demo"))] : []),
    make("select", { label: say("messenger"), data: { testid: "phone-messenger" }, onchange: (event) => switchMessenger(event.target.value) },
      ...Object.entries(messengers).map(([key, one]) => make("option", { value: key, selected: one === messenger }, one.name))),
    customerChoice,
    make("button.btn", { type: "button", title: say("newCustomer"), label: say("newCustomer"), data: { testid: "new-customer" }, onclick: newCustomer }, "+"),
    numberChoice, ...(messenger.hasReceipts ? [pocket] : []), ...(messenger.goesOffline ? [offline] : []), notice, make("span.push"),
    make(".clock", {}, icon("clock"), clockText, clockButton("hour", "clock-plus-1", 1), clockButton("day", "clock-plus-25", 25)),
    faultsButton,
    make("a.btn", { href: "/phones", data: { testid: "all-phones" } }, say("allPhones")),
    make("button.btn", { type: "button", data: { testid: "language" }, onclick: switchLanguage }, say("language")));
}

async function showOkno() {
  const { okno_url } = await (await fetch("/pages/options.json")).json();
  const url = new URLSearchParams(location.search).get("okno") || okno_url;
  const isWeb = /^https?:\/\//.test(url);
  element("okno").replaceChildren(isWeb ? make("iframe", { src: url, title: "Okno", allow: "clipboard-write" }) : make("p.quiet", {}, say("noOkno")));
}

let round = 0;
async function tick() {
  try {
    if (round++ % 4 === 0) await loadPeople();
    await phone.refresh();
    const clock = await get("clock");
    clockText.textContent = `${dayText(clock.now)}, ${timeText(clock.now)}`;
    faultsButton.classList.toggle("on", (await faults.refresh()) > 0);
    if (!element("faults").hidden) await journal.refresh();
    if (notice.dataset.stuck) {
      delete notice.dataset.stuck;
      tell("");
    }
    if (!numbers.length || !phones.length) {
      tell(say("noWorld"));
      notice.dataset.stuck = "yes";
    }
  } catch {
    tell(say("noAnswer"));
    notice.dataset.stuck = "yes";
  }
}

document.body.classList.toggle("bare", new URLSearchParams(location.search).has("bare"));
const isDemo = document.body.classList.contains("demo");
buildBar(isDemo);
if (isDemo) showOkno();
(async function live() {
  await tick();
  setTimeout(live, pause);
})();
