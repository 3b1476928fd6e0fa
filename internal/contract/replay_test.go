package contract_test

import (
	"bytes"
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/microroute/microroute/internal/contract"
)

const ask = "GET /x HTTP/1.1\r\nHost: test\r\n\r\n"

// script says how a server of these tests treats one connection: it writes the replies in turn, one for each request,
// and then closes, if closes is set. It never closes before a request has come.
type script struct {
	replies []string
	closes  bool
}

// serve starts a server that follows the script on every connection, and returns its address.
func serve(t *testing.T, s script) string {
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
			go s.follow(conn)
		}
	}()
	return listener.Addr().String()
}

func (s script) follow(conn net.Conn) {
	defer conn.Close()
	request := make([]byte, len(ask))
	for _, reply := range s.replies {
		if _, err := io.ReadFull(conn, request); err != nil {
			return
		}
		io.WriteString(conn, reply)
	}
	if !s.closes {
		io.Copy(io.Discard, conn)
	}
}

func one(expect contract.Expect) []contract.Case {
	return []contract.Case{{ID: "one", Requests: []contract.Request{{Raw: []byte(ask), Expect: expect}}}}
}

func TestReplayFindsEachDifference(t *testing.T) {
	const hello = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 5\r\n\r\nhello"
	const chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	reason, mediaType, length := "Fine", "text/plain", 4
	tests := []struct {
		name   string
		reply  string
		closes bool
		expect contract.Expect
		want   []string // a part of each failure; nil: the case passes
	}{
		{"all as wanted", hello, false, contract.Expect{Status: contract.Statuses{404, 200}, Body: []byte("hello")}, nil},
		{"interim passed over", "HTTP/1.1 103 Early Hints\r\n\r\n" + hello, false,
			contract.Expect{Body: []byte("hello")}, nil},
		{"status", hello, false, contract.Expect{Status: contract.Statuses{201}}, []string{"status 200, want [201]"}},
		{"reason", hello, false, contract.Expect{Reason: &reason}, []string{`reason "OK", want "Fine"`}},
		{"media type", hello, false, contract.Expect{MediaType: &mediaType}, []string{`want "text/plain"`}},
		{"field value", hello, false,
			contract.Expect{Fields: map[string]string{"content-length": "6"}}, []string{`content-length: "5", want "6"`}},
		{"field missing", hello, false, contract.Expect{Present: []string{"Allow"}}, []string{"Allow missing"}},
		{"field present", hello, false,
			contract.Expect{Absent: []string{"content-type"}}, []string{"content-type present"}},
		{"body", hello, false, contract.Expect{Body: []byte("hallo")}, []string{`body "hello", want "hallo"`}},
		{"no content wanted", hello, false, contract.Expect{Body: []byte{}}, []string{`body "hello", want ""`}},
		{"body hash", hello, false, contract.Expect{BodySHA256: "00"}, []string{"SHA-256 2cf24dba"}},
		{"content length", hello, false, contract.Expect{ContentLength: &length}, []string{`content-length "5", want 4`}},
		{"every byte", hello, false, contract.Expect{Raw: []byte("hello")}, []string{"raw bytes"}},
		{"body cut", hello[:len(hello)-1], true, contract.Expect{}, []string{"body or last chunk missing"}},
		{"body cut as wanted", hello[:len(hello)-1], true, contract.Expect{Broken: true}, nil},
		{"last chunk missing", chunks + "1\r\na\r\n", true,
			contract.Expect{Body: []byte("a")}, []string{"last chunk missing"}},
		{"chunks", chunks + "1\r\na\r\n1\r\nb\r\n0\r\n\r\n", false, contract.Expect{Body: []byte("ab")}, nil},
		{"body complete, wanted broken", hello, true, contract.Expect{Broken: true}, []string{"looks complete"}},
		{"bytes behind", hello + "!", false, contract.Expect{}, []string{`1 bytes follow the response: "!"`}},
		{"body of a 304", "HTTP/1.1 304 Not Modified\r\n\r\nbody", false, contract.Expect{}, []string{"4 bytes follow"}},
		{"no length, closed", "HTTP/1.1 200 OK\r\n\r\nhello", true, contract.Expect{Body: []byte("hello")}, nil},
		{"no length, open", "HTTP/1.1 200 OK\r\n\r\nhello", false, contract.Expect{}, []string{"no framing"}},
		{"second status line", "HTTP/1.1 200 OK\r\n\r\nab" + hello, true,
			contract.Expect{NoSecond: true}, []string{"second status line"}},
		{"leaked fields", "HTTP/1.1 200 OK\r\nLocation: /\r\nX-Test: 1\r\nContent-Length: 0\r\n\r\n", false,
			contract.Expect{Clean: true}, []string{"Location leaked", "X-Test leaked"}},
		{"stays open", hello, false, contract.Expect{Closed: true, Body: []byte("hello")}, []string{"stays open"}},
		{"response, none wanted", hello, true, contract.Expect{Closed: true}, []string{"status 200, want the connection to end"}},
		{"closed", hello, true, contract.Expect{Closed: true, Body: []byte("hello")}, nil},
		{"closed without a response", "", true, contract.Expect{Closed: true}, nil},
		{"closed, response wanted", "", true, contract.Expect{Closed: true, Clean: true}, []string{"no response"}},
		{"silence", "", false, contract.Expect{}, []string{`no response ("", open)`}},
		{"no HTTP", "hello\r\n\r\n", true, contract.Expect{Clean: true}, []string{"no response"}},
		{"bad length", "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello", true,
			contract.Expect{}, []string{"malformed Content-Length"}},
		{"bad chunk", chunks + "x\r\n", true, contract.Expect{}, []string{"malformed Content-Length or chunk"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			addr := serve(t, script{[]string{test.reply}, test.closes})
			report := contract.Replay{Addr: addr}.Run(one(test.expect))
			if !matches(report.Failures, test.want) {
				t.Errorf("%q: got failures %q, want %q", test.reply, report.Failures, test.want)
			}
		})
	}
}

// A Replay asks over the connections that it is given.
func TestReplayDials(t *testing.T) {
	const hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
	dial := func() (net.Conn, error) {
		client, server := net.Pipe()
		go script{[]string{hello}, false}.follow(server)
		return client, nil
	}
	report := contract.Replay{Dial: dial}.Run(one(contract.Expect{Body: []byte("hello")}))
	if len(report.Failures) > 0 || report.Requests != 1 || report.Connections != 1 {
		t.Errorf("got %+v, want a request on a connection and no failure", report)
	}
}

func TestReplayComparesEchoes(t *testing.T) {
	tests := []struct {
		name string
		body string
		want map[string]any
		fine bool
	}{
		{"text", `{"a":"x"}`, map[string]any{"a": "x"}, true},
		{"other text", `{"a":"y"}`, map[string]any{"a": "x"}, false},
		{"missing", `{}`, map[string]any{"a": "x"}, false},
		{"nothing is nothing", `{"a":[]}`, map[string]any{"a": map[string]any{}, "b": ""}, true},
		{"list of one", `{"a":["x"]}`, map[string]any{"a": "x"}, true},
		{"list wanted", `{"a":"x"}`, map[string]any{"a": []any{"x"}}, false},
		{"member that is a list of one", `{"v":{"a":["x"]}}`, map[string]any{"v": map[string]any{"a": "x"}}, true},
		{"member too many", `{"v":{"a":"x","b":"y"}}`, map[string]any{"v": map[string]any{"a": "x"}}, false},
		{"no JSON", `{"a":"x"} x`, map[string]any{"a": "x"}, false},
		{"no object", `["a"]`, map[string]any{"a": "x"}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			addr := serve(t, script{[]string{"HTTP/1.1 200 OK\r\n\r\n" + test.body}, true})
			report := contract.Replay{Addr: addr}.Run(one(contract.Expect{Echo: test.want}))
			if fine := len(report.Failures) == 0; fine != test.fine {
				t.Errorf("%s: got failures %q, want fine %t", test.body, report.Failures, test.fine)
			}
		})
	}
}

// On a kept connection the requests share it for as long as the server keeps it, announced or not.
func TestReplayKeepsConnections(t *testing.T) {
	const hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
	const last = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
	tests := []struct {
		name        string
		script      script
		connections int
	}{
		{"for ever", script{slices.Repeat([]string{hello}, 6), false}, 1},
		{"closed after two, unannounced", script{[]string{hello, hello}, true}, 3},
		{"closed after three, announced", script{[]string{hello, hello, last}, true}, 2},
		{"without length", script{[]string{hello, "HTTP/1.1 200 OK\r\n\r\nhello"}, true}, 3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cases := slices.Repeat(one(contract.Expect{Body: []byte("hello")}), 6)
			report := contract.Replay{Addr: serve(t, test.script), KeepAlive: true}.Run(cases)
			if len(report.Failures) > 0 || report.Connections != test.connections || report.Requests != 6 {
				t.Errorf("got %+v, want 6 requests on %d connections and no failure", report, test.connections)
			}
		})
	}
}

func TestLoad(t *testing.T) {
	cases, err := contract.Load("testdata/contract/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(cases, func(c contract.Case) bool { return c.ID == "sh" })
	if len(cases) != 137 || i < 0 {
		t.Fatalf("%d cases, sh at %d, want 137 with sh among them", len(cases), i)
	}
	got := cases[i].Requests[0]
	if !bytes.HasPrefix(got.Raw, []byte("GET /sh HTTP/1.1\r\n")) || got.Expect.Body == nil || len(got.Expect.Body) > 0 {
		t.Errorf("case sh is %q with body %q, want GET /sh with an empty body that is not nil", got.Raw, got.Expect.Body)
	}
}

// matches reports whether each failure contains the wanted part of its place.
func matches(failures []contract.Failure, parts []string) bool {
	return slices.EqualFunc(failures, parts, func(f contract.Failure, part string) bool {
		return strings.Contains(f.String(), part)
	})
}
