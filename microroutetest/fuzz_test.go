package microroutetest_test

import (
	"encoding/json"
	"io"
	"math/big"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

// However lines end, the events are the same.
func FuzzEvents(f *testing.F) {
	f.Add("data: a\ndata: b\nid: 1\n\nevent: c\ndata\n\n")
	f.Add("\uFEFF: comment\nretry: 10\n\ndata:: x\n\n\nid: 2")
	f.Add("data: \x00\nid: \x00\n\n")
	stream := ""
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string {
		c.Response.MIMEType = "text/event-stream"
		return stream
	})
	client := microroutetest.New(f, app)
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.Contains(text, "\r") {
			t.Skip()
		}
		var all [][]event
		for _, end := range []string{"\n", "\r\n", "\r"} {
			stream = strings.ReplaceAll(text, "\n", end)
			all = append(all, slices.Collect(client.In(t).Events("/").All()))
		}
		if !slices.Equal(all[0], all[1]) || !slices.Equal(all[0], all[2]) {
			t.Errorf("%q: got %+q with LF, %+q with CRLF and %+q with CR", text, all[0], all[1], all[2])
		}
	})
}

// Whatever a server sends, a test gets messages that are what they should be, and ends with a report.
func FuzzWebSocket(f *testing.F) {
	f.Add([]byte(octets(wholeText, "tea") + octets(wholePing, "") + octets(0x01, "te") + octets(0x80, "a") + octets(wholeClose, "\x03\xe8")))
	f.Add([]byte(octets(wholeText, strings.Repeat("x", 1<<16)) + octets(0x88, "\x03\xee")))
	f.Add([]byte("\x81\x7f\x00\x00\x00\x00\x00\x00\x00\x01x"))
	var said []byte
	app := microroute.New()
	app.Get("/say", func(c *microroute.Context) error {
		s, err := accept(c)
		if err != nil {
			return err
		}
		defer s.Close()
		go io.Copy(io.Discard, s.reader)
		_, err = s.Write(said)
		return err
	})
	client := microroutetest.New(f, app)
	f.Fuzz(func(t *testing.T, octets []byte) {
		said = octets
		report := failures(t, client, func(client *microroutetest.Client) {
			for w := client.WebSocket("/say"); ; {
				if text := w.Receive(); !utf8.ValidString(text) {
					t.Errorf("%q: got the text %q", octets, text)
				}
			}
		})
		if !strings.HasPrefix(report, "GET /say: ") || !strings.HasSuffix(report, "\nthe test ends") {
			t.Errorf("%q: got the report %q", octets, report)
		}
	})
}

// Numbers are equal if their values are, whatever their spelling.
func FuzzNumbers(f *testing.F) {
	f.Add("1.50", "15e-1")
	f.Add("-0.0", "0")
	f.Add("123456789012345678901234567890", "1.2345678901234567890123456789e29")
	f.Add("0.1", "0.10000000000000000001")
	body := ""
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string {
		c.Response.MIMEType = "application/json"
		return body
	})
	client := microroutetest.New(f, app)
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := value(a), value(b)
		if x == nil || y == nil {
			t.Skip()
		}
		body = a
		report := failures(t, client, func(client *microroutetest.Client) { client.Get("/").WantJSON(200, b) })
		if equal := x.Cmp(y) == 0; equal != (report == "") {
			t.Errorf("%s and %s: got the report %q", a, b, report)
		}
	})
}

// value returns the value of a JSON number, nil if the text is none or would take too long.
func value(text string) *big.Rat {
	_, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	if !json.Valid([]byte(text)) || len(exponent) > 4 {
		return nil
	}
	r, ok := new(big.Rat).SetString(strings.TrimSpace(text))
	if !ok {
		return nil
	}
	return r
}
