package httpcases_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/microroute/microroute/internal/contract/httpcases"
)

const (
	hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
	last  = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"
	bad   = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
	// chunks begins a response in chunks.
	chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	file   = "HTTP/1.1 200 OK\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\nETag: \"v1\"\r\nContent-Length: 0\r\n\r\n"
)

// server answers what a case sends with reply, and the follow-up request with follow. It closes after its last answer
// if closes is set.
type server struct {
	reply, follow string
	closes        bool
	received      chan<- string // gets what was sent first, if it is not nil
}

func (s server) start(t *testing.T) (addr string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go s.serve(conn)
		}
	}()
	return listener.Addr().String()
}

// serve reads up to the empty line twice; a case of these tests sends nothing else.
func (s server) serve(conn net.Conn) {
	defer conn.Close()
	for _, reply := range []string{s.reply, s.follow} {
		request, err := readHead(conn)
		if err != nil {
			return
		}
		if strings.HasPrefix(request, "GET /static/hello.txt") {
			reply = file
		} else if s.received != nil {
			s.received <- request
		}
		io.WriteString(conn, reply)
		if s.closes {
			return
		}
	}
	io.Copy(io.Discard, conn)
}

func readHead(conn net.Conn) (string, error) {
	var head []byte
	for one := make([]byte, 1); !bytes.HasSuffix(head, []byte("\r\n\r\n")); {
		if _, err := conn.Read(one); err != nil {
			return "", err
		}
		head = append(head, one...)
	}
	return string(head), nil
}

func load(t *testing.T, expect, more string) []httpcases.Case {
	path := filepath.Join(t.TempDir(), "cases.json")
	text := `{"cases":[{"id":"one","level":"MUST","raw":"GET / HTTP/1.1\r\nHost: t.example\r\n\r\n",` +
		`"expect":` + expect + more + `}]}`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cases, err := httpcases.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

func TestRunJudges(t *testing.T) {
	const keep = `{"status":[200],"connection":"keep","body":"hello"}`
	const closing = `{"status":[400],"connection":"close"}`
	answered := func(more string) string { return `{"status":[200],"connection":"any",` + more + `}` }
	withField := func(line string) string { return strings.Replace(hello, "\r\n", "\r\n"+line+"\r\n", 1) }
	tests := []struct {
		name   string
		expect string
		reply  string
		follow string // to the follow-up request
		closes bool
		want   httpcases.Verdict
		why    string
	}{
		{"kept and followed", keep, hello, hello, false, httpcases.Pass, "200"},
		{"follow-up goes wrong", keep, hello, bad, false, httpcases.Fail, "follow-up request got 400"},
		{"follow-up not answered", keep, hello, "", false, httpcases.Fail, "follow-up request not answered"},
		{"not kept", keep, hello, "", true, httpcases.Fail, "connection closed"},
		{"closed", closing, bad, "", true, httpcases.Pass, "400"},
		{"not closed", closing, bad, "", false, httpcases.Fail, "connection stays open"},
		{"close announced, lingering", `{"status":[200],"connection":"close"}`, last, "", false, httpcases.Pass, "200"},
		{"status", closing, hello, hello, true, httpcases.Fail, "status 200, wanted [400]"},
		{"body", answered(`"body":"hallo"`), hello, "", false, httpcases.Fail, `body "hello", wanted "hallo"`},
		{"body length", answered(`"body_len":4`), hello, "", false, httpcases.Fail, "body of 5 octets"},
		{"body length by status", answered(`"status_body_len_max":{"200":4}`),
			hello, "", false, httpcases.Fail, "wanted 4 at most"},
		{"forbidden body", answered(`"body_not":"ell"`), hello, "", false, httpcases.Fail, "body contains"},
		{"field", answered(`"headers":{"content-length":"^4$"}`),
			hello, "", false, httpcases.Fail, `content-length: "5"`},
		{"field by status", `{"status":[400],"connection":"any","headers_if":{"400":{"allow":"."}}}`,
			bad, "", false, httpcases.Fail, `allow: ""`},
		{"forbidden field", answered(`"no_headers":["x"]`),
			withField("X: 1"), "", false, httpcases.Fail, "unwanted field x"},
		{"forbidden location", answered(`"no_location":"//"`),
			withField("Location: //e"), "", false, httpcases.Fail, "//e"},
		{"two responses", keep, hello + hello, "", false, httpcases.Fail, "2 responses"},
		{"one of two", `{"status":[200],"connection":"keep","responses":2,"then":[{"status":[200]}]}`,
			hello, "", true, httpcases.Fail, "1 responses"},
		{"second is wrong", `{"status":[200],"connection":"keep","responses":"1..2","then":[{"status":[200]}]}`,
			hello + bad, "", false, httpcases.Fail, "response 2: status 400"},
		{"second is optional", answered(`"responses":"1..2","then":[{"status":[200]}],"then_optional":true`),
			hello, "", true, httpcases.Pass, "200"},
		{"second is missing, open", answered(`"responses":"1..2","then":[{"status":[200]}],"then_optional":true`),
			hello, "", false, httpcases.Fail, "stays open"},
		{"interim", answered(`"interim":[]`),
			"HTTP/1.1 100 Continue\r\n\r\n" + hello, "", false, httpcases.Fail, "interim [100], wanted []"},
		{"stray octets", keep, hello + "HTTP", "", false, httpcases.Fail, "stray octets"},
		{"two framings", keep,
			withField("Transfer-Encoding: chunked"), "", false, httpcases.Fail, "both Content-Length and Transfer-Encoding"},
		{"bad field", keep, withField("X : 1"), "", false, httpcases.Fail, "bad response field"},
		{"bad chunk size", keep,
			chunks + "0x5\r\nhello\r\n0\r\n\r\n", "", false, httpcases.Fail, "bad response chunk size"},
		{"bad chunk end", keep,
			chunks + "4\r\nhello\r\n0\r\n\r\n", "", false, httpcases.Fail, "bad response chunk end"},
		{"chunks and trailers", keep,
			chunks + "5;x\r\nhello\r\n0\r\nA: 1\r\n\r\n", hello, false, httpcases.Pass, "200"},
		{"no HTTP", keep, "<html>", "", false, httpcases.Fail, "not an HTTP/1.x response"},
		{"closed without response", closing, "", "", true, httpcases.Fail, "closed, no response"},
		{"close allowed", `{"status":[400],"connection":"close","allow_close":true}`,
			"", "", true, httpcases.Pass, "closed"},
		{"silence", closing, "", "", false, httpcases.Fail, "timeout, no response"},
		{"silence allowed", `{"status":[400],"connection":"any","allow_wait":true}`,
			"", "", false, httpcases.Pass, "waiting"},
		{"answer where none is wanted", `{"status":[],"status_or":[400],"connection":"close"}`,
			hello, "", true, httpcases.Fail, "answered"},
		{"refusal where none is wanted", `{"status":[],"status_or":[400],"connection":"close"}`,
			bad, "", true, httpcases.Pass, "400"},
		{"HTTP/2", `{"status":[400],"connection":"any","allow_h2":true}`,
			"\x00\x00\x00\x04\x00\x00\x00\x00\x00", "", false, httpcases.Pass, "HTTP/2"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := httpcases.Run(server{reply: test.reply, follow: test.follow, closes: test.closes}.start(t), load(t, test.expect, ""))[0]
			if got.Verdict != test.want || !strings.Contains(got.Why, test.why) {
				t.Errorf("%s answered with %q: got %d (%s), want %d (%s)",
					test.expect, test.reply, got.Verdict, got.Why, test.want, test.why)
			}
		})
	}
}

// A validator is learned from the file; a case that needs one that is missing is skipped.
func TestRunLearnsValidators(t *testing.T) {
	const expect = `{"status":[200],"connection":"any"}`
	addr := server{reply: hello, follow: hello}.start(t)
	got := httpcases.Run(addr, load(t, expect, `,"needs":["lm","etag","strong-etag"]`))[0]
	if got.Verdict != httpcases.Pass {
		t.Errorf("validators are there: got %d (%s), want a pass", got.Verdict, got.Why)
	}
	got = httpcases.Run(addr, load(t, expect, `,"needs":["age"]`))[0]
	if got.Verdict != httpcases.Skip || got.Why != "needs age" {
		t.Errorf("validator is missing: got %d (%s), want a skip", got.Verdict, got.Why)
	}
}

// A case that is sent in pieces sends the same octets, with the values of validators in their places.
func TestRunSendsPieces(t *testing.T) {
	const raw = `,"raw":"GET / HTTP/1.1\r\nHost: t.example\r\nIf-Match: {{ETAG}}\r\n\r\n"`
	const want = "GET / HTTP/1.1\r\nHost: t.example\r\nIf-Match: \"v1\"\r\n\r\n"
	for _, piece := range []int{0, 1, 3, len(want), 1000} {
		received := make(chan string, 1)
		s := server{reply: hello, follow: hello, received: received}
		cases := load(t, `{"status":[200],"connection":"any"}`, raw)
		cases[0].Piece = piece
		if result := httpcases.Run(s.start(t), cases)[0]; result.Verdict != httpcases.Pass {
			t.Errorf("pieces of %d: %s", piece, result.Why)
		}
		if got := <-received; got != want {
			t.Errorf("pieces of %d: the server got %q, want %q", piece, got, want)
		}
	}
}

func TestOctets(t *testing.T) {
	tests := []struct{ text, want string }{
		{`"GET"`, "GET"},
		{`"\u00ff\u0000"`, "\xff\x00"},
		{`[["ab",2],["c",1]]`, "ababc"},
	}
	for _, test := range tests {
		var got httpcases.Octets
		if err := json.Unmarshal([]byte(test.text), &got); err != nil || string(got) != test.want {
			t.Errorf("%s: got %q, %v, want %q", test.text, got, err, test.want)
		}
	}
	var got httpcases.Octets
	if err := json.Unmarshal([]byte(`"\u0100"`), &got); err == nil {
		t.Errorf(`"\u0100": got %q, want an error`, got)
	}
}

func TestLoad(t *testing.T) {
	cases, err := httpcases.Load("../testdata/http/cases.json")
	if err != nil || len(cases) != 421 {
		t.Fatalf("got %d cases, %v, want 421", len(cases), err)
	}
	for _, c := range cases {
		if len(c.Raw) == 0 && len(c.Segments) == 0 {
			t.Errorf("%s sends nothing", c.ID)
		}
	}
}
