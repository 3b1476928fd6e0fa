package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/term"

	"github.com/microroute/microroute/internal/listing"
	"github.com/microroute/microroute/message"
)

// terminal is where the program says what it does: to people in lines, or to other programs in records of JSON. It may be
// shared between goroutines; each line and record is written at once.
type terminal struct {
	out      io.Writer
	people   bool         // who reads it
	color    bool         // for people only
	isScreen bool         // a QR code can be read from it
	logger   *slog.Logger // for what goes wrong in the server
	record   func(record) // logs a request; nil if none is logged
}

// newTerminal returns a terminal that writes to out in the format of the flag --log. People get no color by themselves where
// NO_COLOR is in the environment (https://no-color.org).
func newTerminal(out *os.File, format string) *terminal {
	t := &terminal{out: out, isScreen: term.IsTerminal(int(out.Fd()))}
	t.color = format == "color" || t.isScreen && os.Getenv("NO_COLOR") == ""
	t.people = format == "color" || format == "none" || format == "auto" && t.isScreen
	if t.people {
		t.logger = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
		t.record = t.line
	} else {
		t.logger = slog.New(slog.NewJSONHandler(out, nil))
		t.record = t.object
	}
	if format == "none" {
		t.record = nil
	}
	return t
}

// note tells people something.
func (t *terminal) note(text string) {
	if t.people {
		fmt.Fprintf(t.out, "\n%s\n", text)
	}
}

// object logs a request as an object of JSON; the duration is in milliseconds.
func (t *terminal) object(r record) {
	attributes := []slog.Attr{
		slog.String("method", r.method),
		slog.String("path", r.target),
		slog.Int("status", r.status),
		slog.Int64("bytes", r.sent),
		slog.Float64("duration", float64(r.took.Microseconds())/1000),
		slog.String("client", r.client.String()),
	}
	if r.err != nil {
		attributes = append(attributes, slog.String("error", r.err.Error()))
	}
	t.logger.LogAttrs(context.Background(), slog.LevelInfo, "request", attributes...)
}

// line logs a request in a line:
//
//	09:12:00  200  GET     1.2 MB   3.1ms  192.168.1.4  /summer/sea.jpg
func (t *terminal) line(r record) {
	end := ""
	if r.err != nil {
		end = t.paint(red, "  broken off")
	}
	fmt.Fprintf(t.out, "%s  %s  %-4s  %8s  %7s  %s  %s%s\n",
		t.paint(gray, r.began.Format(time.TimeOnly)), t.paint(statusColor(r.status), fmt.Sprintf("%3d", r.status)),
		r.method, listing.FormatSize(r.sent), rounded(r.took), t.paint(gray, r.client.String()), readable(r.target), end)
}

// The colors of a terminal (ECMA-48 section 8.3.117).
const (
	bold   = "1"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
	gray   = "90"
)

// paint returns text in a color, if there is color.
func (t *terminal) paint(color, text string) string {
	if !t.color {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

func statusColor(status int) string {
	switch {
	case status < 200 || status >= 500:
		return red
	case status >= 400:
		return yellow
	case status >= 300:
		return cyan
	}
	return green
}

// rounded returns d with about three digits.
func rounded(d time.Duration) time.Duration {
	switch {
	case d >= time.Second:
		return d.Round(10 * time.Millisecond)
	case d >= time.Millisecond:
		return d.Round(10 * time.Microsecond)
	}
	return d.Round(time.Microsecond)
}

// readable returns a target decoded, or as it was sent, in ASCII, if it would then have something in it that a terminal
// might obey.
func readable(target string) string {
	decoded := message.DecodePath(target)
	unprintable := func(r rune) bool { return !unicode.IsPrint(r) }
	if !utf8.ValidString(decoded) || strings.ContainsFunc(decoded, unprintable) {
		return target
	}
	return decoded
}
