package http2_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/net/http2"

	"github.com/microroute/microroute"
)

// gauge counts how many are at work at a time.
type gauge struct{ now, most, all atomic.Int64 }

func (g *gauge) enter() {
	g.all.Add(1)
	for n := g.now.Add(1); ; {
		most := g.most.Load()
		if n <= most || g.most.CompareAndSwap(most, n) {
			return
		}
	}
}

func (g *gauge) leave() { g.now.Add(-1) }

// A client that opens streams only to reset them (rapid reset, CVE-2023-44487) has no more handlers at work than any other. If
// they do not stop it loses its connection, which is faster than to queue what it asks for.
func TestRapidReset(t *testing.T) {
	const streams, resets = 10, 10_000
	for name, stubborn := range map[string]bool{"handlers that stop": false, "handlers that do not": true} {
		t.Run(name, func(t *testing.T) {
			eachEngine(t, func(t *testing.T, engine microroute.Engine) {
				var working gauge
				release := make(chan struct{})
				addr := serve(t, microroute.Config{Engine: engine}, http.HTTP2Config{MaxConcurrentStreams: streams},
					func(app *microroute.App) {
						app.Get("/work", func(c *Context) {
							working.enter()
							defer working.leave()
							if stubborn {
								<-release
							} else {
								<-c.Context().Done()
							}
						})
					})
				defer close(release)
				p := dial(t, addr)
				ended := make(chan http2.Frame)
				go func() {
					defer close(ended)
					if goAway := p.await(isGoAway); goAway != nil {
						ended <- goAway
					}
				}()
				for i := range uint32(resets) {
					if i%1000 == 100 {
						greet(t, addr)
					}
					if p.get(2*i+1, "/work") != nil || p.WriteRSTStream(2*i+1, http2.ErrCodeCancel) != nil {
						break
					}
				}
				if stubborn {
					if goAway, ok := (<-ended).(*http2.GoAwayFrame); !ok || goAway.ErrCode != http2.ErrCodeEnhanceYourCalm {
						t.Errorf("got %v, want the connection to end with ENHANCE_YOUR_CALM", goAway)
					}
				} else {
					p.conn.Close()
					<-ended
				}
				if most := working.most.Load(); most == 0 || most > streams {
					t.Errorf("%d handlers at work at a time, want 1 to %d", most, streams)
				}
				t.Logf("%d handlers of %d requests, %d at a time", working.all.Load(), resets, working.most.Load())
				greet(t, addr)
			})
		})
	}
}

func isGoAway(frame http2.Frame) bool { _, ok := frame.(*http2.GoAwayFrame); return ok }

// A client may have only so many requests under way: the stream of another is reset (RFC 9113 section 5.1.2).
func TestTooManyStreams(t *testing.T) {
	const streams = 10
	eachEngine(t, func(t *testing.T, engine microroute.Engine) {
		var working gauge
		release := make(chan struct{})
		addr := serve(t, microroute.Config{Engine: engine}, http.HTTP2Config{MaxConcurrentStreams: streams}, func(app *microroute.App) {
			app.Get("/work", func(*Context) {
				working.enter()
				defer working.leave()
				<-release
			})
		})
		p := dial(t, addr)
		for i := range uint32(streams + 1) {
			p.get(2*i+1, "/work")
		}
		frame := p.await(func(f http2.Frame) bool { _, ok := f.(*http2.RSTStreamFrame); return ok })
		reset, ok := frame.(*http2.RSTStreamFrame)
		if !ok || reset.StreamID != 2*streams+1 ||
			reset.ErrCode != http2.ErrCodeRefusedStream && reset.ErrCode != http2.ErrCodeProtocol {
			t.Errorf("got %v, want the last stream to be refused", frame)
		}
		close(release)
		served := 0
		for served < streams && p.await(func(f http2.Frame) bool { return p.status(f) == "200" }) != nil {
			served++
		}
		if served != streams || working.all.Load() != streams {
			t.Errorf("%d requests served by %d handlers, want %d", served, working.all.Load(), streams)
		}
	})
}

// A head that is too large is refused, whatever it is made of, and no handler sees it.
func TestLargeHeads(t *testing.T) {
	const limit = 8 << 10
	large := strings.Repeat("a", 2*limit)
	for name, send := range map[string]func(p *peer) error{
		"one field": func(p *peer) error {
			return p.WriteHeaders(http2.HeadersFrameParam{
				StreamID: 1, BlockFragment: p.head("/", "x", large), EndHeaders: true, EndStream: true,
			})
		},
		"in pieces": func(p *peer) error {
			block := p.head("/", "x", large)
			p.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: block[:10], EndStream: true})
			for i := 10; i < len(block)-1; i++ {
				p.WriteContinuation(1, false, block[i:i+1])
			}
			return p.WriteContinuation(1, true, block[len(block)-1:])
		},
		// A field of the dynamic table takes an octet, and stands for 2,000 (HPACK bomb).
		"repeated": func(p *peer) error {
			var fields []string
			for range 10_000 {
				fields = append(fields, "x", large[:2000])
			}
			return p.WriteHeaders(http2.HeadersFrameParam{
				StreamID: 1, BlockFragment: p.head("/", fields...), EndHeaders: true, EndStream: true,
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachEngine(t, func(t *testing.T, engine microroute.Engine) {
				var working gauge
				addr := serve(t, microroute.Config{Engine: engine, Limits: microroute.Limits{Head: limit}}, http.HTTP2Config{},
					func(app *microroute.App) { app.Before(func(*Context) error { working.enter(); return nil }) })
				p := dial(t, addr)
				send(p)
				refusal := p.await(func(f http2.Frame) bool { return p.status(f) != "" || isGoAway(f) })
				if status := p.status(refusal); refusal != nil && status != "" && status != "431" {
					t.Errorf("got status %s, want 431 or the end of the connection", status)
				}
				if n := working.all.Load(); n != 0 {
					t.Errorf("%d requests reached the App", n)
				}
				greet(t, addr)
			})
		})
	}
}

// What a client may send without end, and without reading what comes back, ends its connection before long, or does no harm.
func TestFloods(t *testing.T) {
	const most = 256 << 20 // octets that a flood may be large; all are much smaller
	for name, flood := range map[string]struct {
		begin func(p *peer)                         // nil: with nothing
		wave  func(f *http2.Framer, i uint32) error // writes the frame of this number
		calm  uint32                                // so many frames do no harm; 0: the connection must end
	}{
		// Nothing says how long a head is until it ends (CVE-2023-45288).
		"CONTINUATION": {
			begin: func(p *peer) {
				p.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: p.head("/"), EndStream: true})
			},
			wave: func(f *http2.Framer, _ uint32) error { return f.WriteContinuation(1, false, literal) },
		},
		// Each must be answered (CVE-2019-9512).
		"PING": {
			begin: clog,
			wave:  func(f *http2.Framer, _ uint32) error { return f.WritePing(false, [8]byte{}) },
		},
		// Each malformed request must be answered with a reset (CVE-2019-9514).
		"malformed": {
			begin: clog,
			wave: func(f *http2.Framer, i uint32) error {
				return f.WriteHeaders(http2.HeadersFrameParam{
					StreamID: 2*i + 3, BlockFragment: onlyMethod, EndHeaders: true, EndStream: true,
				})
			},
		},
		// Each must be answered (CVE-2019-9515), but no answer waits for another: nothing piles up.
		"SETTINGS": {
			wave: func(f *http2.Framer, _ uint32) error { return f.WriteSettings() },
			calm: 100_000,
		},
		// What takes nothing from the windows (CVE-2019-9518).
		"empty DATA": {
			begin: func(p *peer) {
				p.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: p.head("/silent"), EndHeaders: true})
			},
			wave: func(f *http2.Framer, _ uint32) error { return f.WriteData(1, false, nil) },
			calm: 100_000,
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachEngine(t, func(t *testing.T, engine microroute.Engine) {
				addr := serve(t, microroute.Config{Engine: engine}, http.HTTP2Config{}, func(app *microroute.App) {
					app.Get("/silent", func(c *Context) { <-c.Context().Done() })
					app.Get("/clog", func(c *Context) error {
						for range clogSize / len(large) {
							if err := c.Response.Send(large); err != nil {
								return err
							}
						}
						return nil
					})
				})
				p := dial(t, addr, http2.Setting{ID: http2.SettingInitialWindowSize, Val: clogSize})
				if flood.begin != nil {
					flood.begin(p)
				}
				sent := counter{w: p.conn}
				buffer := bufio.NewWriterSize(&sent, 64<<10)
				framer := http2.NewFramer(buffer, nil)
				var greeting sync.WaitGroup
				greeting.Go(func() { greet(t, addr) })
				var err error
				for i := uint32(0); err == nil && sent.n < most && (flood.calm == 0 || i < flood.calm); i++ {
					err = flood.wave(framer, i)
				}
				if flood.calm > 0 && err == nil {
					err = buffer.Flush()
				}
				greeting.Wait()
				t.Logf("%d KiB sent: %v", sent.n>>10, err)
				if timeout, ok := err.(net.Error); flood.calm == 0 && (err == nil || ok && timeout.Timeout()) {
					t.Errorf("%d octets sent, and the connection is open: %v", sent.n, err)
				}
				if flood.calm > 0 && !p.alive() {
					t.Error("the connection has ended")
				}
				greet(t, addr)
			})
		})
	}
}

// clogSize is more than the buffers between two peers hold.
const clogSize = 64 << 20

// clog asks for so much content, which nobody will read, that answers to what follows must wait.
func clog(p *peer) {
	p.WriteWindowUpdate(0, clogSize)
	p.get(1, "/clog")
}

// onlyMethod is a head with nothing but :method, GET.
var onlyMethod = []byte{0x82}

// literal is a field of 16 KiB that is added to no table (RFC 7541 section 6.2.2): "x", then a length in three octets.
var literal = append([]byte("\x00\x01x\x7f\x81\x7f"), strings.Repeat("a", 16<<10)...)

// counter counts what is written.
type counter struct {
	w io.Writer
	n int
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += n
	return n, err
}
