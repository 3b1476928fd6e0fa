package microroutetest_test

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/microroutetest"
)

// socket is a server's end of a WebSocket, as far as the tests need one.
type socket struct {
	net.Conn
	reader *bufio.Reader
}

// accept changes to WebSocket.
func accept(c *microroute.Context) (*socket, error) {
	sum := sha1.Sum([]byte(c.Request.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	if c.Response.Header.Get("Sec-WebSocket-Accept") == "" {
		c.Response.Header.Set("Sec-WebSocket-Accept", base64.StdEncoding.EncodeToString(sum[:]))
	}
	conn, err := c.Response.Upgrade("websocket")
	if err != nil {
		return nil, err
	}
	return &socket{conn, bufio.NewReader(conn)}, nil
}

// read returns the first octet of the next frame, and its data. A frame that no client may send is an error.
func (s *socket) read() (first byte, data []byte, err error) {
	var head [2]byte
	if _, err := io.ReadFull(s.reader, head[:]); err != nil {
		return 0, nil, err
	}
	if head[1]&0x80 == 0 {
		return 0, nil, errors.New("a frame without a mask")
	}
	length := uint64(head[1] & 0x7f)
	if size := map[uint64]int{126: 2, 127: 8}[length]; size > 0 {
		var octets [8]byte
		if _, err := io.ReadFull(s.reader, octets[8-size:]); err != nil {
			return 0, nil, err
		}
		length = binary.BigEndian.Uint64(octets[:])
		if length < map[int]uint64{2: 126, 8: 1 << 16}[size] {
			return 0, nil, errors.New("a length in more octets than it needs")
		}
	}
	var key [4]byte
	io.ReadFull(s.reader, key[:])
	data = make([]byte, length)
	_, err = io.ReadFull(s.reader, data)
	for i := range data {
		data[i] ^= key[i%4]
	}
	return head[0], data, err
}

// octets makes a frame of a server.
func octets(first byte, data string) string {
	switch n := len(data); {
	case n < 126:
		return string([]byte{first, byte(n)}) + data
	case n < 1<<16:
		return string(binary.BigEndian.AppendUint16([]byte{first, 126}, uint16(n))) + data
	default:
		return string(binary.BigEndian.AppendUint64([]byte{first, 127}, uint64(n))) + data
	}
}

// These are the first octets of frames that are not fragments.
const (
	wholeText   = 0x81
	wholeBinary = 0x82
	wholeClose  = 0x88
	wholePing   = 0x89
	wholePong   = 0x8a
)

// echo sends every frame back, and the answers that Pings and Closes have.
func echo(c *microroute.Context) error {
	for offer := range strings.SplitSeq(c.Request.Header.Get("Sec-WebSocket-Protocol"), ", ") {
		if offer == "tea" {
			c.Response.Header.Set("Sec-WebSocket-Protocol", offer)
		}
	}
	s, err := accept(c)
	if err != nil {
		return err
	}
	defer s.Close()
	for {
		first, data, err := s.read()
		if err != nil {
			return err
		}
		if first == wholePing {
			first = wholePong
		}
		io.WriteString(s, octets(first, string(data)))
		if first == wholeClose {
			return nil
		}
	}
}

func newEcho() *microroute.App {
	app := microroute.New()
	app.Get("/echo", echo)
	return app
}

// saying returns a Client of an App that sends these octets on the WebSocket /say, and then waits for the client to leave.
func saying(t *testing.T, said string) *microroutetest.Client {
	t.Helper()
	app := microroute.New()
	app.Get("/say", func(c *microroute.Context) error {
		s, err := accept(c)
		if err != nil {
			return err
		}
		defer s.Close()
		io.WriteString(s, said)
		_, err = io.Copy(io.Discard, s.reader)
		return err
	})
	return microroutetest.New(t, app)
}

func TestWebSocket(t *testing.T) {
	for name, bubble := range map[string]func(*testing.T, func(*testing.T)){
		"in a bubble": synctest.Test,
		"outside":     func(t *testing.T, f func(*testing.T)) { f(t) },
	} {
		t.Run(name, func(t *testing.T) { bubble(t, testWebSocket) })
	}
}

func testWebSocket(t *testing.T) {
	client := microroutetest.New(t, newEcho())
	for origin, w := range map[string]*microroutetest.WebSocket{
		"http":  client.WebSocket("/echo"),
		"https": client.At("https://tea.example").WebSocket("/echo"),
	} {
		w.Want(101).WantHeader("Upgrade", "websocket")
		for _, message := range []string{"", "tea", "größe", strings.Repeat("x", 125), strings.Repeat("x", 126), strings.Repeat("x", 1<<16-1), strings.Repeat("x", 1<<16)} {
			w.Send(message)
			w.WantNext(message)
			w.SendBinary([]byte(message + "\xff"))
			if got := w.ReceiveBinary(); string(got) != message+"\xff" {
				t.Errorf("%s: sent %q and an octet, got %q", origin, message, got)
			}
		}
		w.Send("gr\xc3", "\xb6", "", "ße") // fragments may part a character
		if got := w.Receive(); got != "größe" {
			t.Errorf("%s: sent größe in fragments, got %q", origin, got)
		}
		w.SendBinary([]byte("te"), []byte("a"))
		if got := w.ReceiveBinary(); string(got) != "tea" {
			t.Errorf("%s: sent tea in fragments, got %q", origin, got)
		}
		w.Send("before")
		w.Send("the Pong")
		w.Ping("are you there?")
		w.WantNext("before")
		w.WantNext("the Pong")
		w.Send("dropped")
		w.Close(1000, "bye")
	}
}

func TestSubprotocols(t *testing.T) {
	client := microroutetest.New(t, newEcho())
	for _, test := range []struct {
		offers []string
		want   string
	}{{nil, ""}, {[]string{"coffee"}, ""}, {[]string{"tea"}, "tea"}, {[]string{"coffee", "tea"}, "tea"}} {
		if got := client.WebSocket("/echo", test.offers...).Subprotocol; got != test.want {
			t.Errorf("%q on offer: got %q, want %q", test.offers, got, test.want)
		}
	}
}

// Each client has its own key, and each frame its own mask (RFC 6455 sections 4.1 and 5.3).
func TestKeysAndMasks(t *testing.T) {
	app := microroute.New()
	keys := make(chan string, 2)
	masks := make(chan [4]byte, 4)
	app.Get("/", func(c *microroute.Context) error {
		keys <- c.Request.Header.Get("Sec-WebSocket-Key")
		s, err := accept(c)
		if err != nil {
			return err
		}
		defer s.Close()
		for range 2 {
			var frame [6 + 3]byte
			io.ReadFull(s.reader, frame[:])
			masks <- [4]byte(frame[2:6])
		}
		return nil
	})
	client := microroutetest.New(t, app)
	for range 2 {
		w := client.WebSocket("/")
		w.Send("tea")
		w.Send("tea")
	}
	seen := map[[4]byte]bool{}
	for range 4 {
		seen[<-masks] = true
	}
	first, second := <-keys, <-keys
	nonce, err := base64.StdEncoding.DecodeString(first)
	if first == second || len(nonce) != 16 || err != nil || len(seen) < 3 {
		t.Errorf("got the keys %q and %q, and %d masks for 4 frames", first, second, len(seen))
	}
}

// Whatever comes first is read: Pings are answered, and Pongs that nobody waits for mean nothing.
func TestPingsOfTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		app := microroute.New()
		app.Get("/", func(c *microroute.Context) error {
			s, err := accept(c)
			if err != nil {
				return err
			}
			defer s.Close()
			for answer, said := range []string{
				octets(0x01, "te") + octets(wholePing, "0") + octets(wholePong, "x") + octets(0x80, "a"),
				octets(wholePing, "1") + octets(wholeText, "more"),
			} {
				time.Sleep(time.Minute)
				io.WriteString(s, said)
				if first, data, err := s.read(); first != wholePong || string(data) != fmt.Sprint(answer) || err != nil {
					t.Errorf("got %x %q, %v, want a Pong with %d", first, data, err, answer)
				}
			}
			return nil
		})
		w := microroutetest.New(t, app).WebSocket("/")
		w.WantNext("tea")
		w.WantNext("more")
	})
}

func TestWantClose(t *testing.T) {
	for name, test := range map[string]struct {
		octets string
		code   int
		reason string
	}{
		"code and reason":        {octets(wholeClose, "\x03\xe9see you"), 1001, "see you"},
		"code":                   {octets(wholeClose, "\x0f\xa0"), 4000, ""},
		"neither":                {octets(wholeClose, ""), 1005, ""},
		"behind a Pong":          {octets(wholePong, "") + octets(wholeClose, "\x03\xe8"), 1000, ""},
		"within a message":       {octets(0x01, "te") + octets(wholeClose, "\x03\xe8"), 1000, ""},
		"as long as they may be": {octets(wholeClose, "\x03\xe8"+strings.Repeat("x", 123)), 1000, strings.Repeat("x", 123)},
	} {
		w := saying(t, test.octets).WebSocket("/say")
		if reason := w.WantClose(test.code); reason != test.reason {
			t.Errorf("%s: got the reason %q, want %q", name, reason, test.reason)
		}
	}
}

// The server sees the client's Close, with the code that it has sent itself if it has been first.
func TestCloseIsSent(t *testing.T) {
	app := microroute.New()
	got := make(chan string, 1)
	app.Get("/<string:first>", func(c *microroute.Context, first string) error {
		s, err := accept(c)
		if err != nil {
			return err
		}
		defer s.Close()
		switch first {
		case "server":
			io.WriteString(s, octets(wholeClose, "\x03\xe9"))
		case "silent":
			io.WriteString(s, octets(wholeClose, ""))
		}
		opcode, data, err := s.read()
		io.WriteString(s, octets(wholeClose, string(data)))
		io.Copy(io.Discard, s.reader) // the client closes the connection, too
		got <- fmt.Sprintf("%x %q %v", opcode, data, err)
		return nil
	})
	client := microroutetest.New(t, app)
	for name, test := range map[string]struct {
		target string
		use    func(*microroutetest.WebSocket)
		want   string
	}{
		"Close":              {"/client", func(w *microroutetest.WebSocket) { w.Close(1000, "bye") }, `88 "\x03\xe8bye" <nil>`},
		"Close without code": {"/client", func(w *microroutetest.WebSocket) { w.Close(0, "") }, `88 "" <nil>`},
		"WantClose":          {"/server", func(w *microroutetest.WebSocket) { w.WantClose(1001) }, `88 "\x03\xe9" <nil>`},
		"WantClose, no code": {"/silent", func(w *microroutetest.WebSocket) { w.WantClose(1005) }, `88 "" <nil>`},
		"Leave":              {"/client", func(w *microroutetest.WebSocket) { w.Leave(); w.Leave() }, `0 "" EOF`},
	} {
		test.use(client.WebSocket(test.target))
		if got := <-got; got != test.want {
			t.Errorf("%s: the server got %s, want %s", name, got, test.want)
		}
	}
}

// What a server must not do is found, and so is what a test does not expect.
func TestWebSocketReports(t *testing.T) {
	receive := func(w *microroutetest.WebSocket) { w.Receive() }
	for name, test := range map[string]struct {
		octets string
		use    func(*microroutetest.WebSocket)
		report string
	}{
		"a masked frame":              {"\x81\x83\x00\x00\x00\x00tea", receive, "got a masked frame (RFC 6455 section 5.1)"},
		"the first reserved bit":      {octets(0xc1, "tea"), receive, "got a frame with a reserved bit, but no extension (RFC 6455 section 5.2)"},
		"the last reserved bit":       {octets(0x91, "tea"), receive, "got a frame with a reserved bit, but no extension (RFC 6455 section 5.2)"},
		"a reserved data frame":       {octets(0x83, "tea"), receive, "got a frame with opcode 3, of which nothing is known (RFC 6455 section 5.2)"},
		"a reserved control frame":    {octets(0x8b, "tea"), receive, "got a frame with opcode 11, of which nothing is known (RFC 6455 section 5.2)"},
		"a fragment of a Ping":        {octets(0x09, ""), receive, "got a fragment of a Ping (RFC 6455 section 5.5)"},
		"a long Pong":                 {octets(wholePong, strings.Repeat("x", 126)), receive, "got a Pong with more than 125 octets (RFC 6455 section 5.5)"},
		"a length in two octets":      {"\x81\x7e\x00\x7d", receive, "got 125 octets whose length takes more octets than it needs (RFC 6455 section 5.2)"},
		"a length in eight octets":    {"\x81\x7f\x00\x00\x00\x00\x00\x00\xff\xff", receive, "got 65535 octets whose length takes more octets than it needs (RFC 6455 section 5.2)"},
		"a length beyond all":         {"\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff", receive, "got a frame of 18446744073709551615 octets, more than 67108864"},
		"a continuation of nothing":   {octets(0x80, "tea"), receive, "got a continuation of no message (RFC 6455 section 5.4)"},
		"a continuation of a whole":   {octets(wholeText, "tea") + octets(0x80, "tea"), func(w *microroutetest.WebSocket) { w.Receive(); w.Receive() }, "got a continuation of no message (RFC 6455 section 5.4)"},
		"a message within another":    {octets(0x01, "te") + octets(wholeText, "tea"), receive, "got a new message before the last fragment of another (RFC 6455 section 5.4)"},
		"text that is none":           {octets(0x01, "te\xc3") + octets(0x80, "a"), receive, `got text that is not UTF-8: "te\xc3a" (RFC 6455 section 8.1)`},
		"half a code":                 {octets(wholeClose, "\x03"), receive, "got a Close with half a code (RFC 6455 section 5.5.1)"},
		"a code that is not sent":     {octets(wholeClose, "\x03\xee"), receive, "got a Close with 1006, which is never sent (RFC 6455 section 7.4)"},
		"a code of nobody":            {octets(wholeClose, "\x07\xd0"), receive, "got a Close with 2000, which is never sent (RFC 6455 section 7.4)"},
		"a code below all":            {octets(wholeClose, "\x03\xe7"), receive, "got a Close with 999, which is never sent (RFC 6455 section 7.4)"},
		"a reason that is no text":    {octets(wholeClose, "\x03\xe8\xff"), receive, `got a Close with a reason that is not UTF-8: "\xff" (RFC 6455 section 5.5.1)`},
		"binary for text":             {octets(wholeBinary, "tea"), receive, "waiting for a text message: got 3 octets of binary"},
		"text for binary":             {octets(wholeText, "tea"), func(w *microroutetest.WebSocket) { w.ReceiveBinary() }, `waiting for a binary message: got text "tea"`},
		"a Close for a message":       {octets(wholeClose, "\x03\xe9bye"), receive, `waiting for a text message: got a Close with 1001 "bye"`},
		"a Close for a Pong":          {octets(wholeClose, "\x03\xe9"), func(w *microroutetest.WebSocket) { w.Ping("?") }, `waiting for a Pong: got a Close with 1001 ""`},
		"a message for a Close":       {octets(wholeText, "tea"), func(w *microroutetest.WebSocket) { w.WantClose(1000) }, `waiting for a Close: got text "tea"`},
		"a Ping that is too long":     {"", func(w *microroutetest.WebSocket) { w.Ping(strings.Repeat("x", 126)) }, "a Ping may not have more than 125 octets (RFC 6455 section 5.5)"},
		"a reason that is too long":   {"", func(w *microroutetest.WebSocket) { w.Close(1000, strings.Repeat("x", 124)) }, "a Close may not have more than 125 octets (RFC 6455 section 5.5)"},
		"something when one has left": {"", func(w *microroutetest.WebSocket) { w.Leave(); w.Send("tea") }, "sending a text: use of closed network connection"},
		"another text":                {octets(wholeText, "milk"), func(w *microroutetest.WebSocket) { w.WantNext("tea") }, "\n    message: got \"milk\", want \"tea\""},
		"another text of lines":       {octets(wholeText, "tea\nmilk\n"), func(w *microroutetest.WebSocket) { w.WantNext("tea\n") }, "\n    message (-want +got):\n          tea\n        + milk"},
		"no text":                     {octets(wholeBinary, "tea"), func(w *microroutetest.WebSocket) { w.WantNext("tea") }, "\n    message: got 3 octets of binary, want \"tea\""},
		"another code":                {octets(wholeClose, "\x03\xe9bye"), func(w *microroutetest.WebSocket) { w.WantClose(1000) }, `got a Close with 1001 "bye", want one with 1000`},
	} {
		t.Run(name, func(t *testing.T) {
			got := failures(t, saying(t, test.octets), func(client *microroutetest.Client) { test.use(client.WebSocket("/say")) })
			separator := ": "
			if strings.HasPrefix(test.report, "\n") {
				separator = ""
			}
			if want := "GET /say" + separator + test.report; strings.TrimSuffix(got, "\nthe test ends") != want {
				t.Errorf("got the report\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// A server that goes without a Close is no good end, wherever it stops.
func TestWebSocketCutOff(t *testing.T) {
	for said, want := range map[string]string{
		"":                         "the connection has ended without a Close (RFC 6455 section 7.1.5)",
		"\x81":                     "got unexpected EOF",
		"\x81\x03te":               "got unexpected EOF",
		"\x81\x7e":                 "got unexpected EOF",
		octets(0x01, "unfinished"): "the connection has ended without a Close (RFC 6455 section 7.1.5)",
	} {
		app := microroute.New()
		app.Get("/cut", func(c *microroute.Context) error {
			s, err := accept(c)
			if err != nil {
				return err
			}
			io.WriteString(s, said)
			return s.Close()
		})
		got := failures(t, microroutetest.New(t, app), func(client *microroutetest.Client) { client.WebSocket("/cut").Receive() })
		if want := "GET /cut: " + want + "\nthe test ends"; got != want {
			t.Errorf("%q: got the report %q, want %q", said, got, want)
		}
	}
}

// RFC 6455 section 4.1.
func TestHandshakeReports(t *testing.T) {
	app := microroute.New()
	app.Get("/refused", func(*microroute.Context) error { return &microroute.Error{Status: 403, Detail: "Not from there."} })
	app.Get("/plain", func(*microroute.Context) string { return "tea" })
	app.Get("/closed", func(c *microroute.Context) error { return c.Response.Close() })
	app.Get("/wrong", func(c *microroute.Context) error {
		for name, value := range c.Request.Args.All() {
			c.Response.Header.Set(name, value)
		}
		s, err := accept(c)
		if err != nil {
			return err
		}
		defer s.Close()
		_, err = io.Copy(io.Discard, s) // the client leaves
		return err
	})
	app.Get("/by-hand", func(c *microroute.Context) error {
		conn, err := c.Response.Hijack()
		if err != nil {
			return err
		}
		io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: shout\r\n\r\n")
		return conn.Close()
	})
	client := microroutetest.New(t, app)
	keys := regexp.MustCompile(`"[A-Za-z0-9+/]{20,}=+"`)
	for target, want := range map[string]string{
		"/refused":                        "status: got 403 Forbidden, want 101 Switching Protocols\n    body:\n        <!doctype html>\n        <title>403 Forbidden</title>\n        <h1>403 Forbidden</h1>\n        <p>Not from there.</p>",
		"/plain":                          "status: got 200 OK, want 101 Switching Protocols\n    body: \"tea\"",
		"/wrong?Sec-WebSocket-Accept=x":   `Sec-WebSocket-Accept: got "x", want "…" for the key "…"`,
		"/wrong?Sec-WebSocket-Protocol=b": `Sec-WebSocket-Protocol: got "b", which is not on offer`,
		"/wrong?Sec-WebSocket-Extensions=permessage-deflate": `Sec-WebSocket-Extensions: got "permessage-deflate", but none is on offer`,
		"/by-hand": "Upgrade: got \"shout\", want \"websocket\"\n    Connection: got \"\", want \"Upgrade\"\n    Sec-WebSocket-Accept: got \"\", want \"…\" for the key \"…\"",
	} {
		got := failures(t, client, func(client *microroutetest.Client) { client.WebSocket(target, "a") })
		got = keys.ReplaceAllString(got, `"…"`)
		if want := "GET " + target + "\n    " + want + "\nthe test ends"; got != want {
			t.Errorf("got the report\n%s\nwant\n%s", got, want)
		}
	}
	got := failures(t, client, func(client *microroutetest.Client) { client.WebSocket("/closed") })
	if want := "GET /closed: EOF\nthe test ends"; got != want {
		t.Errorf("got the report %q, want %q", got, want)
	}
}
