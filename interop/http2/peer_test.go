package http2_test

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/nethttp"
)

type Context = microroute.Context

// engines serve connections, and hand those that open with HTTP/2 over.
var engines = map[string]microroute.Engine{"event": microroute.EngineAuto, "portable": microroute.EnginePortable}

func eachEngine(t *testing.T, test func(t *testing.T, engine microroute.Engine)) {
	for name, engine := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, engine)
		})
	}
}

// serve serves an App over HTTP/2 without TLS until the test ends. All that has begun by then must end.
func serve(t *testing.T, config microroute.Config, limits http.HTTP2Config, add func(app *microroute.App)) (addr string) {
	t.Helper()
	config.Logger = slog.New(slog.DiscardHandler)
	app := microroute.New(config)
	app.Get("/", func(*Context) string { return "hello" })
	if add != nil {
		add(app)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server, err := app.StartOn(nethttp.PriorKnowledge(l, limits))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			t.Errorf("shutting down: %v", err)
		}
	})
	return l.Addr().String()
}

// greet asks for / on a connection of its own: the server must answer others whatever somebody does to it.
func greet(t *testing.T, addr string) {
	t.Helper()
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	transport := &http.Transport{Protocols: protocols}
	defer transport.CloseIdleConnections()
	client := http.Client{Transport: transport, Timeout: patience}
	response, err := client.Get("http://" + addr)
	if err != nil {
		t.Errorf("another client: %v", err)
		return
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("another client: got %s", response.Status)
	}
}

// peer is a client that writes what frames it likes.
type peer struct {
	*http2.Framer
	t     *testing.T
	conn  net.Conn
	block bytes.Buffer // what hpack has written
	hpack *hpack.Encoder
}

// dial connects and exchanges settings. The connection is closed when the test ends; it has a deadline, so that nothing waits
// for ever.
func dial(t *testing.T, addr string, settings ...http2.Setting) *peer {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(patience))
	p := &peer{Framer: http2.NewFramer(conn, conn), t: t, conn: conn}
	p.hpack = hpack.NewEncoder(&p.block)
	if _, err := conn.Write([]byte(http2.ClientPreface)); err != nil {
		t.Fatal(err)
	}
	if err := p.WriteSettings(settings...); err != nil {
		t.Fatal(err)
	}
	for acknowledged := false; !acknowledged; {
		frame, err := p.ReadFrame()
		if err != nil {
			t.Fatalf("settings: %v", err)
		}
		if f, ok := frame.(*http2.SettingsFrame); ok {
			if acknowledged = f.IsAck(); !acknowledged {
				p.WriteSettingsAck()
			}
		}
	}
	return p
}

// head returns the fields of a request, encoded.
func (p *peer) head(path string, fields ...string) []byte {
	p.block.Reset()
	for _, f := range [][2]string{{":method", "GET"}, {":scheme", "http"}, {":authority", "a.test"}, {":path", path}} {
		p.hpack.WriteField(hpack.HeaderField{Name: f[0], Value: f[1]})
	}
	for i := 0; i < len(fields); i += 2 {
		p.hpack.WriteField(hpack.HeaderField{Name: fields[i], Value: fields[i+1]})
	}
	return bytes.Clone(p.block.Bytes())
}

// get asks for a path on a stream of its own.
func (p *peer) get(stream uint32, path string) error {
	return p.WriteHeaders(http2.HeadersFrameParam{
		StreamID: stream, BlockFragment: p.head(path), EndHeaders: true, EndStream: true,
	})
}

// await reads frames until one is what is waited for, and returns that; nil if the connection ends before.
func (p *peer) await(wanted func(http2.Frame) bool) http2.Frame {
	p.t.Helper()
	for {
		frame, err := p.ReadFrame()
		if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
			p.t.Fatal("the server says nothing, and leaves the connection open")
		}
		if err != nil {
			return nil
		}
		if wanted(frame) {
			return frame
		}
	}
}

// alive reports whether the server has read all, and answers.
func (p *peer) alive() bool {
	p.t.Helper()
	data := [8]byte{'a', 'l', 'i', 'v', 'e'}
	return p.WritePing(false, data) == nil && p.await(func(f http2.Frame) bool {
		ping, ok := f.(*http2.PingFrame)
		return ok && ping.IsAck() && ping.Data == data
	}) != nil
}

// status returns the status that a frame of a response's head carries.
func (p *peer) status(frame http2.Frame) (status string) {
	headers, ok := frame.(*http2.HeadersFrame)
	if !ok {
		return ""
	}
	decoder := hpack.NewDecoder(4096, func(f hpack.HeaderField) {
		if f.Name == ":status" {
			status = f.Value
		}
	})
	decoder.Write(headers.HeaderBlockFragment())
	return status
}
