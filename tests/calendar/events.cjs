// What ical.js, the parser of Thunderbird, reads: calendars from standard input as JSON, what is in them to standard output.
const ICAL = require(process.argv[2]);
const { calendars = [], zones = [] } = JSON.parse(require("fs").readFileSync(0, "utf8"));

const moment = (time) => (time.isDate ? time.toString() : time.toJSDate().toISOString().slice(0, 19));

function read(text) {
  ICAL.TimezoneService.reset();
  const root = new ICAL.Component(ICAL.parse(text));
  for (const zone of root.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  return {
    name: root.getFirstPropertyValue("x-wr-calname"),
    zones: root.getAllSubcomponents("vtimezone").map((zone) => zone.getFirstPropertyValue("tzid")),
    properties: root.getAllProperties().map((one) => one.name),
    events: root.getAllSubcomponents("vevent").map((component) => {
      const event = new ICAL.Event(component);
      const value = (name) => component.getFirstPropertyValue(name);
      const occurrences = [];
      if (event.isRecurring()) {
        const every = event.iterator();
        for (let next = every.next(); next && occurrences.length < 400; next = every.next()) {
          const { startDate, endDate } = event.getOccurrenceDetails(next);
          occurrences.push([moment(startDate), moment(endDate)]);
        }
      }
      return {
        uid: event.uid, sequence: event.sequence, title: event.summary, about: event.description ?? "", place: event.location ?? "",
        link: value("url") ?? "", status: value("status"), busy: value("transp") === "OPAQUE", stamp: moment(value("dtstamp")),
        start: moment(event.startDate), end: moment(event.endDate), rule: value("rrule")?.toString() ?? "", occurrences,
        properties: component.getAllProperties().map((one) => one.name),
        parts: component.getAllSubcomponents().map((one) => one.name),
      };
    }),
  };
}

function offsets({ text, name, times }) {
  ICAL.TimezoneService.reset();
  const zone = new ICAL.Timezone(new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent("vtimezone"));
  if (zone.tzid !== name) throw new Error(zone.tzid);
  return times.map((time) => zone.utcOffset(ICAL.Time.fromDateTimeString(time)));
}

process.stdout.write(JSON.stringify({ calendars: calendars.map(read), offsets: zones.map(offsets) }));
