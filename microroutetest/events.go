package microroutetest

import (
	"cmp"
	"io"
	"iter"
	"mime"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/microroute/microroute/internal/ascii"
)

// Event is a server-sent event.
type Event struct {
	Type string // "message" if it has no other
	Data string // of several lines, if there are
	ID   string // of this event, or of the last before it that had one
}

// Events is a stream of server-sent events, read as browsers do (WHATWG HTML, section 9.2, "Server-sent events"). Its Body
// is what has been read so far, comments included.
type Events struct {
	*Stream
	Retry time.Duration // how long a browser is to wait before it comes back, 0 if nothing has been said

	source *Client
	target string

	begun   bool // the first line has been read
	afterCR bool // the last octet was the end of a line, and LF would still belong to it
	kind    string
	data    strings.Builder
	id      string // as far as it has been read
	lastID  string // as far as events are complete
}

// Events sends a GET request for target as an EventSource does, and returns when the head of the answer is there. The
// fields are names and values by turns, such as "Last-Event-ID" and "41". The test ends if the answer is none that an
// EventSource takes: 200 and text/event-stream.
func (c *Client) Events(target string, fields ...string) *Events {
	c.t.Helper()
	e := &Events{
		source: c.With("Accept", "text/event-stream", "Cache-Control", "no-store").With(fields...),
		target: target,
	}
	e.lastID = e.source.fields.Get("Last-Event-ID")
	e.read(e.source.Stream("GET", target))
	return e
}

// Reconnect leaves and comes back at once, as a browser does after Retry when its connection has failed: with the ID of
// the last event in the field Last-Event-ID.
func (e *Events) Reconnect() {
	e.t.Helper()
	e.Close()
	if e.source.fields.Del("Last-Event-ID"); e.lastID != "" {
		e.source.fields.Set("Last-Event-ID", e.lastID)
	}
	e.read(e.source.Stream("GET", e.target))
}

// read begins to read a stream, if that is one of events.
func (e *Events) read(s *Stream) {
	s.t.Helper()
	e.Stream = s
	e.begun, e.afterCR, e.id = false, false, e.lastID
	e.clear()
	var p report
	contentType := s.Header.Get("Content-Type")
	mediaType, _, err := mime.ParseMediaType(contentType)
	switch {
	case s.Status != 200:
		p.status(s.Status, 200)
	case err != nil || mediaType != "text/event-stream":
		p.line("Content-Type: got %q, want text/event-stream", contentType)
	default:
		return
	}
	if s.from.answer.ContentLength >= 0 {
		p.excerpt("body:", s.Rest())
	}
	s.t.Fatalf("%s\n%s", s.request, &p)
}

// Next waits for the next event. The test ends if there is none.
func (e *Events) Next() Event {
	e.t.Helper()
	event, ok := e.next()
	if !ok {
		e.t.Fatalf("%s: waiting for an event: the answer has ended", e.request)
	}
	return event
}

// All iterates over the events until the answer ends. Who leaves the loop before may go on later.
func (e *Events) All() iter.Seq[Event] {
	return func(yield func(Event) bool) {
		e.t.Helper()
		for {
			event, ok := e.next()
			if !ok || !yield(event) {
				return
			}
		}
	}
}

// next returns the next event, and false at the end. What is not finished then is no event.
func (e *Events) next() (Event, bool) {
	e.t.Helper()
	for {
		line, err := e.line()
		switch {
		case err == io.EOF:
			return Event{}, false
		case err != nil:
			e.t.Fatalf("%s: waiting for an event: %s", e.request, ended(err))
		case !utf8.ValidString(line):
			e.t.Fatalf("%s: %q is not UTF-8, which event streams are", e.request, line)
		case line != "":
			e.field(line)
			continue
		}
		if event, ok := e.dispatch(); ok {
			return event, true
		}
	}
}

// line returns the next line. It ends with CR, LF or both, and is not waited for any longer than that.
func (e *Events) line() (string, error) {
	var line []byte
	for {
		octet, err := e.octet()
		switch {
		case err != nil:
			return "", err
		case octet == '\n' && e.afterCR:
			e.afterCR = false
		case octet == '\n' || octet == '\r':
			e.afterCR = octet == '\r'
			text := string(line)
			if !e.begun {
				e.begun, text = true, strings.TrimPrefix(text, "\uFEFF")
			}
			return text, nil
		default:
			e.afterCR = false
			line = append(line, octet)
		}
	}
}

func (e *Events) octet() (byte, error) {
	var octet [1]byte
	_, err := io.ReadFull(e, octet[:])
	return octet[0], err
}

// dispatch ends an event. It is one only if it has data.
func (e *Events) dispatch() (Event, bool) {
	e.lastID = e.id
	event := Event{Type: cmp.Or(e.kind, "message"), Data: strings.TrimSuffix(e.data.String(), "\n"), ID: e.id}
	hasData := e.data.Len() > 0
	e.clear()
	return event, hasData
}

// clear begins a new event. The ID stays.
func (e *Events) clear() {
	e.kind = ""
	e.data.Reset()
}

// field takes note of a line of an event. Those that begin with a colon are comments, and unknown fields mean nothing.
func (e *Events) field(line string) {
	name, value, _ := strings.Cut(line, ":")
	value = strings.TrimPrefix(value, " ")
	switch name {
	case "event":
		e.kind = value
	case "data":
		e.data.WriteString(value + "\n")
	case "id":
		if !strings.Contains(value, "\x00") {
			e.id = value
		}
	case "retry":
		if ms, ok := ascii.Uint(value); ok {
			e.Retry = time.Duration(ms) * time.Millisecond
		}
	}
}
