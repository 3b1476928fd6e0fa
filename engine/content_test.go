package engine_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/microroute/microroute/engine"
	"github.com/microroute/microroute/internal/http1"
)

// noise is octets that repeat nowhere.
func noise(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{}).Read(b)
	return b
}

// chunks frames content in chunks of growing sizes, with an extension and a trailer field.
func chunks(content []byte) string {
	var b strings.Builder
	for size := 1; len(content) > 0; size = size*3 + 1 {
		n := min(size, len(content))
		fmt.Fprintf(&b, "%x;n=%d\r\n%s\r\n", n, n, content[:n])
		content = content[n:]
	}
	return b.String() + "0\r\nX-Sum: 1\r\n\r\n"
}

// Content arrives whole, however long, however framed, and into whatever buffer it is read.
func TestReadContent(t *testing.T) {
	for _, size := range []int{1, 7, 512, 4095, 4096, 5000, 100_000} {
		for _, length := range []int{0, 1, 4000, 4096, 70_000, 1_000_000} {
			if size < 100 && length > 100_000 {
				continue // a million reads show nothing more
			}
			t.Run(fmt.Sprintf("%d octets, %d at a time", length, size), func(t *testing.T) {
				each(t, func(t *testing.T, m mode) {
					s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
						sum := sha256.New()
						n, err := io.CopyBuffer(struct{ io.Writer }{sum}, struct{ io.Reader }{x}, make([]byte, size))
						if again, stays := x.Read(make([]byte, 1)); again != 0 || stays != io.EOF {
							t.Errorf("Read at the end = %d, %v, want 0, EOF", again, stays)
						}
						reply(x, fmt.Sprintf("%d %x %v", n, sum.Sum(nil), err))
					})
					content := noise(length)
					want := fmt.Sprintf("%d %x <nil>", length, sha256.Sum256(content))
					c := s.dial()
					go io.WriteString(c, post("/", length)+string(content)+"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"+chunks(content))
					c.want(200, want)
					c.want(200, want)
				})
			})
		}
	}
}

// Strings of the head are the same after content has come into the same buffer, and the buffer has grown.
func TestHeadSurvivesContent(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		long := strings.Repeat("v", 10_000)
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			early := x.Head().Header.Get("X-Long")
			n, err := io.Copy(io.Discard, x)
			if n != 300_000 || err != nil {
				t.Errorf("content of %d octets, %v, want 300000", n, err)
			}
			late, last := x.Head().Header.Get("x-long"), x.Head().Header.Get("X-Last")
			if early != long || late != long || last != "end" || x.Head().Target() != "/target?x=1" || x.Head().Args.Get("x") != "1" {
				t.Errorf("after reading, X-Long has %d octets, before %d, of %d; X-Last %q, target %q", len(late), len(early), len(long), last, x.Head().Target())
			}
			reply(x, late[:3]+last)
		})
		c := s.dial()
		content := strings.Repeat("\x00", 300_000)
		head := post("/target?x=1", len(content), "X-Long: "+long, "X-Last: end")
		go func() {
			c.send(head[:100])
			c.send(head[100:] + content[:50])
			c.send(content[50:] + head + content)
		}()
		c.want(200, "vvvend")
		c.want(200, "vvvend")
	})
}

// Content that does not arrive as announced.
func TestReadContentFails(t *testing.T) {
	chunked := "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
	var malformed *http1.Error
	for _, tt := range []struct {
		name, request string
		fits          func(error) bool
	}{
		{"the client ends too early", post("/", 10) + "hello", func(err error) bool { return err == io.ErrUnexpectedEOF }},
		{"nothing comes", post("/", 10), func(err error) bool { return err == io.ErrUnexpectedEOF }},
		{"the end of the chunks is missing", chunked + "5\r\nhello\r\n", func(err error) bool { return err == io.ErrUnexpectedEOF }},
		{"a chunk is malformed", chunked + "5\r\nhello\r\nx\r\n", func(err error) bool { return errors.As(err, &malformed) && malformed.Status == 400 }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, m mode) {
				s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
					_, err := io.ReadAll(x)
					if !tt.fits(err) {
						t.Errorf("reading %q: %v", tt.request, err)
					}
					if _, again := x.Read(make([]byte, 1)); again != err {
						t.Errorf("reading on: %v, want %v again", again, err)
					}
					reply(x, "failed")
				})
				c := s.dial()
				c.send(tt.request)
				c.CloseWrite()
				if r := c.want(200, "failed"); !r.Close {
					t.Error("the answer does not say that the connection closes")
				}
				c.wantClosed()
			})
		})
	}
}

// A 100 (Continue) goes out when the content is first read, and only then (RFC 9110 section 10.1.1).
func TestExpectContinue(t *testing.T) {
	const expect = "Expect: 100-continue"
	for _, tt := range []struct {
		name    string
		early   string // content sent with the head
		handler func(x *engine.Exchange)
		interim bool
		want    string
		keeps   bool
	}{
		{"read", "", echo, true, "/ hello", true},
		{"not read", "", func(x *engine.Exchange) { reply(x, "no") }, false, "no", false},
		{"the client did not wait", "hello", echo, false, "/ hello", true},
		{"read after the answer has begun", "hello", func(x *engine.Exchange) {
			respond(x, 200, 5, "", false)
			io.Copy(x, x)
			x.End()
		}, false, "hello", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, m mode) {
				s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
					if x.Head().RawPath() == "/alive" {
						reply(x, "")
						return
					}
					tt.handler(x)
				})
				c := s.dial()
				c.send(post("/", 5, expect) + tt.early)
				if tt.interim {
					if r := c.response("POST"); r.StatusCode != 100 {
						t.Fatalf("%s, want 100", r.Status)
					}
					c.send("hello")
				}
				r := c.want(200, tt.want)
				if r.Close == tt.keeps {
					t.Errorf("the answer says close: %t, want %t", r.Close, !tt.keeps)
				}
				if tt.keeps {
					c.wantAlive()
				} else {
					c.wantClosed()
				}
			})
		})
	}
}

// What the handler has left of the content is dropped, up to a limit.
func TestUnreadContent(t *testing.T) {
	chunked := func(n int) string {
		return "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks(bytes.Repeat([]byte("x"), n))
	}
	byLength := func(n int) string { return post("/", n) + strings.Repeat("x", n) }
	for _, tt := range []struct {
		name    string
		drain   int64
		request string
		read    int // octets that the handler reads
		keeps   bool
		says    bool // that the connection closes
	}{
		{"by length, little", 10_000, byLength(9_000), 0, true, false},
		{"by length, at the limit", 10_000, byLength(10_000), 0, true, false},
		{"by length, beyond", 10_000, byLength(10_001), 0, false, true},
		{"by length, the rest is little", 10_000, byLength(15_000), 6_000, true, false},
		{"chunked, little", 10_000, chunked(5_000), 0, true, false},
		{"chunked, far beyond", 10_000, chunked(500_000), 0, false, false},
		{"chunked, the rest is little", 10_000, chunked(15_000), 10_000, true, false},
		{"no limit", -1, byLength(1_000_000), 0, true, false},
		{"no limit, chunked", -1, chunked(1_000_000), 0, true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, m mode) {
				s := start(t, m, engine.Limits{Drain: tt.drain}, func(x *engine.Exchange) {
					io.CopyN(io.Discard, x, int64(tt.read))
					reply(x, "ok")
				})
				c := s.dial()
				sent := make(chan struct{})
				go func() {
					defer close(sent)
					io.WriteString(c, tt.request) // fails when the server closes
				}()
				if r := c.want(200, "ok"); r.Close != tt.says {
					t.Errorf("the answer says close: %t, want %t", r.Close, tt.says)
				}
				<-sent
				if tt.keeps {
					c.wantAlive()
					return
				}
				if n, err := c.in.WriteTo(io.Discard); n != 0 || err != nil && !strings.Contains(err.Error(), "reset") {
					t.Errorf("behind the answer: %d octets, %v, want the end", n, err)
				}
			})
		})
	}
}

// Limit ends reading before anything is read, if the length is known, else at the first octet too many.
func TestLimit(t *testing.T) {
	for _, tt := range []struct {
		name, request string
		limit         int64
		read          string
		tooLarge      bool
	}{
		{"by length, at the limit", post("/", 5) + "hello", 5, "hello", false},
		{"by length, beyond", post("/", 5) + "hello", 4, "", true},
		{"nothing allowed, nothing there", post("/", 0), 0, "", false},
		{"chunked, at the limit", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", 5, "hello", false},
		{"chunked, beyond", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", 2, "", true},
		{"no limit", post("/", 5) + "hello", -1, "hello", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, m mode) {
				s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
					x.Limit(tt.limit)
					content, err := io.ReadAll(x)
					if string(content) != tt.read || errors.Is(err, engine.ErrContentTooLarge) != tt.tooLarge {
						t.Errorf("%q: content %q, %v, want %q, too large: %t", tt.request, content, err, tt.read, tt.tooLarge)
					}
					reply(x, "ok")
				})
				c := s.dial()
				c.send(tt.request)
				if r := c.want(200, "ok"); r.Close != tt.tooLarge {
					t.Errorf("the answer says close: %t, want %t", r.Close, tt.tooLarge)
				}
			})
		})
	}
}
