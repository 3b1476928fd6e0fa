package engine_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/microroute/microroute/engine"
)

// ReadFrom sends what a file has, or a part of it, in every framing.
func TestReadFromFile(t *testing.T) {
	dir := t.TempDir()
	for _, size := range []int{0, 1, 5_000, 16 << 10, 16<<10 + 1, 8 << 20} {
		content := noise(size)
		path := filepath.Join(dir, fmt.Sprint(size))
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			name   string
			length func(size int) int64 // of the answer
			from   func(f *os.File) io.Reader
			want   []byte
		}{
			{"whole, limited", func(n int) int64 { return int64(n) }, func(f *os.File) io.Reader { return io.LimitReader(f, int64(size)) }, content},
			{"whole, as it is", func(n int) int64 { return int64(n) }, func(f *os.File) io.Reader { return f }, content},
			{"in chunks", func(int) int64 { return -1 }, func(f *os.File) io.Reader { return io.LimitReader(f, int64(size)) }, content},
			{"a part", func(n int) int64 { return int64(n / 2) }, func(f *os.File) io.Reader {
				f.Seek(int64(size-size/2), io.SeekStart)
				return io.LimitReader(f, int64(size/2))
			}, content[size-size/2:]},
			{"a section", func(n int) int64 { return int64(n / 2) }, func(f *os.File) io.Reader {
				return io.NewSectionReader(f, int64(size-size/2), int64(size/2))
			}, content[size-size/2:]},
		} {
			t.Run(fmt.Sprintf("%d octets, %s", size, tt.name), func(t *testing.T) {
				each(t, func(t *testing.T, m mode) {
					s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
						if x.Head().RawPath() == "/alive" {
							reply(x, "")
							return
						}
						f, err := os.Open(path)
						if err != nil {
							t.Error(err)
							return
						}
						defer f.Close()
						respond(x, 200, tt.length(size), "", false)
						if n, err := x.ReadFrom(tt.from(f)); n != int64(len(tt.want)) || err != nil {
							t.Errorf("ReadFrom = %d, %v, want %d", n, err, len(tt.want))
						}
						if err := x.End(); err != nil {
							t.Errorf("End = %v", err)
						}
					})
					c := s.dial()
					c.send(get("/"))
					if _, got := c.answer(); !bytes.Equal([]byte(got), tt.want) {
						t.Errorf("got %d octets, want %d, the same ones", len(got), len(tt.want))
					}
					c.wantAlive()
				})
			})
		}
	}
}

// A file that is shorter than was said when it is sent leaves the answer visibly short.
func TestReadFromShrunkFile(t *testing.T) {
	for _, size := range []int{1_000, 100_000} {
		path := filepath.Join(t.TempDir(), "shrunk")
		if err := os.WriteFile(path, noise(size), 0o600); err != nil {
			t.Fatal(err)
		}
		each(t, func(t *testing.T, m mode) {
			s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
				f, err := os.Open(path)
				if err != nil {
					t.Error(err)
					return
				}
				defer f.Close()
				respond(x, 200, int64(2*size), "", false)
				if n, err := x.ReadFrom(io.LimitReader(f, int64(2*size))); n != int64(size) || err != nil {
					t.Errorf("ReadFrom = %d, %v, want %d", n, err, size)
				}
				if err := x.End(); !errors.Is(err, engine.ErrContentLength) {
					t.Errorf("End = %v, want ErrContentLength", err)
				}
			})
			c := s.dial()
			c.send(get("/"))
			if n, err := io.Copy(io.Discard, c.response("GET").Body); n != int64(size) || err != io.ErrUnexpectedEOF {
				t.Errorf("the client got %d octets, %v, want %d, unexpected EOF", n, err, size)
			}
		})
	}
}

// A file for a HEAD is counted and not sent.
func TestReadFromHead(t *testing.T) {
	each(t, func(t *testing.T, m mode) {
		s := start(t, m, engine.Limits{}, func(x *engine.Exchange) {
			if x.Head().Method == "HEAD" {
				respond(x, 200, 100_000, "", false)
				x.ReadFrom(io.LimitReader(zeros{}, 100_000))
				if err := x.End(); err != nil {
					t.Errorf("End = %v", err)
				}
				return
			}
			reply(x, "")
		})
		c := s.dial()
		c.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")
		if r := c.response("HEAD"); r.ContentLength != 100_000 {
			t.Errorf("Content-Length %d, want 100000", r.ContentLength)
		}
		c.wantAlive()
	})
}
