package nethttp_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// contractCase is something that a handler may do. Its client sees the same whether net/http serves the handler or an App.
type contractCase struct {
	request func(r *http.Request) // what is special about it; nil for a GET
	handler func(w http.ResponseWriter, r *http.Request, n *notes)
	http1   bool // HTTP/2 has nothing of the kind
	http2   bool // HTTP/1 has not
}

func method(method string) func(*http.Request) { return func(r *http.Request) { r.Method = method } }

func post(body string) func(*http.Request) {
	return func(r *http.Request) {
		r.Method, r.Body, r.ContentLength = "POST", io.NopCloser(strings.NewReader(body)), int64(len(body))
	}
}

// chunks is a POST of unknown length.
func chunks(body string) func(*http.Request) {
	return func(r *http.Request) {
		post(body)(r)
		r.ContentLength = -1
		r.Trailer = http.Header{"X-Sum": {"7"}}
	}
}

var contract = map[string]contractCase{
	"nothing":         {handler: func(http.ResponseWriter, *http.Request, *notes) {}},
	"nothing to HEAD": {method("HEAD"), func(http.ResponseWriter, *http.Request, *notes) {}, false, false},
	"a short body": {handler: func(w http.ResponseWriter, _ *http.Request, n *notes) {
		count, err := w.Write([]byte("short"))
		n.say("%d %v", count, err)
	}},
	"a short body in pieces": {handler: func(w http.ResponseWriter, _ *http.Request, n *notes) {
		for _, piece := range []string{"a", "bc", "", "def"} {
			count, err := io.WriteString(w, piece)
			n.say("%d %v", count, err)
		}
	}},
	"a short body to HEAD": {method("HEAD"), func(w http.ResponseWriter, _ *http.Request, n *notes) {
		count, err := w.Write([]byte("short"))
		n.say("%d %v", count, err)
	}, false, false},
	"a long body": {handler: func(w http.ResponseWriter, _ *http.Request, n *notes) {
		count, err := w.Write(make([]byte, 100_000))
		n.say("%d %v", count, err)
	}},
	"a long body in pieces": {handler: func(w http.ResponseWriter, _ *http.Request, n *notes) {
		for range 1000 {
			if count, err := w.Write(make([]byte, 999)); count != 999 || err != nil {
				n.say("%d %v", count, err)
			}
		}
	}},
	"a long body to HEAD": {method("HEAD"), func(w http.ResponseWriter, _ *http.Request, n *notes) {
		count, err := w.Write(make([]byte, 100_000))
		n.say("%d %v", count, err)
	}, false, false},
	"a status":                {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) { w.WriteHeader(418) }},
	"a status without a name": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) { w.WriteHeader(799) }},
	"no content": {handler: func(w http.ResponseWriter, _ *http.Request, n *notes) {
		w.WriteHeader(204)
		count, err := io.WriteString(w, "none")
		n.say("%d %t", count, err == http.ErrBodyNotAllowed)
	}},
	"not modified": {handler: func(w http.ResponseWriter, _ *http.Request, n *notes) {
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("ETag", `"a"`)
		w.WriteHeader(304)
		_, err := io.WriteString(w, "none")
		n.say("%t", err == http.ErrBodyNotAllowed)
	}, http1: true},
	"a second status": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		w.WriteHeader(201)
		w.WriteHeader(500)
	}},
	"a status behind content": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		io.WriteString(w, "first")
		w.WriteHeader(500)
	}},
	"a status with two digits": {handler: func(w http.ResponseWriter, _ *http.Request, n *notes) {
		defer func() { n.say("%t", recover() != nil) }()
		w.WriteHeader(99)
	}},
	"fields": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		h := w.Header()
		h.Set("X-One", "1")
		h.Add("X-Two", "1")
		h.Add("X-Two", "2")
		h["X-None"] = nil
		h.Set("X-Empty", "")
		h.Set("X-Gone", "1")
		h.Del("X-Gone")
	}},
	"fields behind WriteHeader": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		w.Header().Set("X-Before", "1")
		w.WriteHeader(200)
		w.Header().Set("X-Behind", "1")
		w.Header().Set("X-Before", "2")
		io.WriteString(w, "body")
		w.Header().Del("X-Before")
	}},
	"fields behind content": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		io.WriteString(w, "body")
		w.Header().Set("X-Behind", "1")
	}},
	"fields behind Flush": {handler: func(w http.ResponseWriter, _ *http.Request, n *notes) {
		n.say("%v", http.NewResponseController(w).Flush())
		w.Header().Set("X-Behind", "1")
	}},
	"a line break in a field": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		w.Header().Set("X-Split", "a\r\nX-Injected: b")
	}, http1: true},
	"HTML": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) { io.WriteString(w, "<!DOCTYPE html><p>") }},
	"HTML in pieces": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		for _, letter := range "<html><body>" {
			io.WriteString(w, string(letter))
		}
	}},
	"a picture": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) { io.WriteString(w, "\x89PNG\x0D\x0A\x1A\x0A") }},
	"a picture behind Flush": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		w.(http.Flusher).Flush()
		io.WriteString(w, "\x89PNG\x0D\x0A\x1A\x0A")
	}},
	"a type": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		w.Header().Set("Content-Type", "text/x-own")
		io.WriteString(w, "<html>")
	}},
	"an empty type": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		w.Header().Set("Content-Type", "")
		io.WriteString(w, "<html>")
	}},
	"no type": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		w.Header()["Content-Type"] = nil
		io.WriteString(w, "<html>")
	}},
	"coded content": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		w.Header().Set("Content-Encoding", "x")
		io.WriteString(w, "<html>")
	}},
	"a type, but no content": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(200)
	}},
	"a declared length": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		w.Header().Set("Content-Length", "6")
		io.WriteString(w, "abc")
		w.(http.Flusher).Flush()
		io.WriteString(w, "def")
	}},
	"a declared length to HEAD": {method("HEAD"), func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		w.Header().Set("Content-Length", "123456")
	}, false, false},
	"more than declared": {handler: func(w http.ResponseWriter, _ *http.Request, n *notes) {
		w.Header().Set("Content-Length", "3")
		count, err := io.WriteString(w, "abc")
		n.say("%d %v", count, err)
		count, err = io.WriteString(w, "d")
		n.say("%d %t", count, errors.Is(err, http.ErrContentLength))
	}, http1: true},
	"less than declared": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		w.Header().Set("Content-Length", "4")
		io.WriteString(w, "abc")
	}},
	"less than declared, flushed": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		w.Header().Set("Content-Length", "4")
		io.WriteString(w, "abc")
		w.(http.Flusher).Flush()
	}},
	"a length that is none": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		w.Header().Set("Content-Length", "-1")
		io.WriteString(w, "abc")
	}},
	"streaming": {handler: func(w http.ResponseWriter, _ *http.Request, n *notes) {
		for i := range 5 {
			fmt.Fprintf(w, "line %d\n", i)
			n.say("%v", http.NewResponseController(w).Flush())
		}
	}},
	"announced trailer fields": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		w.Header().Set("Trailer", "X-Sum, X-Time")
		w.Header().Add("Trailer", "X-None")
		w.Header().Set("X-Time", "before")
		io.WriteString(w, "body")
		w.(http.Flusher).Flush()
		w.Header().Set("X-Sum", "9")
		w.Header().Set("X-Time", "behind")
	}},
	"trailer fields with a prefix": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		io.WriteString(w, "body")
		w.(http.Flusher).Flush()
		w.Header().Set(http.TrailerPrefix+"X-Sum", "9")
		w.Header().Add(http.TrailerPrefix+"X-Two", "1")
		w.Header().Add(http.TrailerPrefix+"X-Two", "2")
	}},
	"interim responses": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		w.Header().Set("Link", "</a.css>; rel=preload")
		w.WriteHeader(103)
		w.Header().Add("Link", "</b.css>; rel=preload")
		w.WriteHeader(103)
		w.Header().Del("Link")
		w.WriteHeader(102)
		io.WriteString(w, "body")
	}},
	"an interim response, and a length": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		w.Header().Set("Content-Length", "4")
		w.WriteHeader(103)
		io.WriteString(w, "body")
	}},
	"a panic": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		io.WriteString(w, "some")
		w.(http.Flusher).Flush()
		panic("broken")
	}},
	"an abort": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		io.WriteString(w, "some")
		panic(http.ErrAbortHandler)
	}},
	"an abort behind Flush": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		io.WriteString(w, "some")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}},
	"Error": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		w.Header().Set("Content-Length", "99")
		http.Error(w, "out of tea", http.StatusServiceUnavailable)
	}},
	"Redirect": {handler: func(w http.ResponseWriter, r *http.Request, _ *notes) {
		http.Redirect(w, r, "../b?c=d", http.StatusSeeOther)
	}},
	"SetCookie": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
	}},
	"Connection: close": {handler: func(w http.ResponseWriter, _ *http.Request, _ *notes) {
		w.Header().Set("Connection", "close")
		io.WriteString(w, "last")
	}, http1: true},
	"a request": {func(r *http.Request) {
		r.Host = "other.test:81"
		r.URL.RawQuery = "a=b&c=%20"
		r.Header = http.Header{"X-Two": {"1", "2"}, "Cookie": {"a=b"}, "User-Agent": {"test"}}
	}, func(_ http.ResponseWriter, r *http.Request, n *notes) {
		n.say("%s %s %s %s %d.%d", r.Method, r.Host, r.RequestURI, r.URL, r.ProtoMajor, r.ProtoMinor)
		n.say("%s %s %d %q %t", fieldsOf(r.Header), r.FormValue("c"), r.ContentLength, r.TransferEncoding, r.Close)
		host, _, _ := strings.Cut(r.RemoteAddr, ":")
		n.say("%s %t %v", host, r.Context().Value(http.ServerContextKey).(*http.Server) != nil, r.Context().Value(http.LocalAddrContextKey) != nil)
	}, false, false},
	"a request without a body": {handler: func(_ http.ResponseWriter, r *http.Request, n *notes) {
		n.say("%t", r.Body == http.NoBody)
	}, http1: true},
	"an escaped path": {func(r *http.Request) { r.URL.Path, r.URL.RawPath = "/a/b c", "/a%2Fb%20c" }, func(_ http.ResponseWriter, r *http.Request, n *notes) {
		n.say("%q %q %q %q", r.RequestURI, r.URL.Path, r.URL.RawPath, r.URL.EscapedPath())
	}, false, false},
	"a request that closes": {func(r *http.Request) { r.Close = true }, func(_ http.ResponseWriter, r *http.Request, n *notes) {
		n.say("%t", r.Close)
	}, true, false},
	"a body": {post("content"), func(w http.ResponseWriter, r *http.Request, n *notes) {
		data, err := io.ReadAll(r.Body)
		n.say("%q %v %d %q", data, err, r.ContentLength, r.TransferEncoding)
		count, err := r.Body.Read(make([]byte, 1))
		n.say("%d %v", count, err)
		n.say("%v", r.Body.Close())
		_, err = r.Body.Read(make([]byte, 1))
		n.say("%t", err != nil)
	}, false, false},
	"a body of unknown length, with a trailer": {chunks("content"), func(w http.ResponseWriter, r *http.Request, n *notes) {
		n.say("%d %q %q", r.ContentLength, r.TransferEncoding, r.Trailer)
		data, err := io.ReadAll(r.Body)
		n.say("%q %v %q", data, err, r.Trailer)
	}, false, false},
	"a body that nobody reads": {post(strings.Repeat("content", 1000)), func(http.ResponseWriter, *http.Request, *notes) {}, false, false},
	"a body behind Close": {post("content"), func(w http.ResponseWriter, r *http.Request, n *notes) {
		r.Body.Close()
		_, err := r.Body.Read(make([]byte, 1))
		n.say("%t", err != nil)
	}, false, false},
	"a body that is too large": {post("content"), func(w http.ResponseWriter, r *http.Request, n *notes) {
		_, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 4))
		var tooLarge *http.MaxBytesError
		n.say("%t", errors.As(err, &tooLarge))
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
	}, false, false},
	"a form": {func(r *http.Request) {
		post("a=1&b=2")(r)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}, func(_ http.ResponseWriter, r *http.Request, n *notes) {
		n.say("%s %s %v", r.FormValue("a"), r.PostFormValue("b"), r.Form)
	}, false, false},
	"an upload": {func(r *http.Request) {
		post("--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\n\r\ncontent\r\n--x--\r\n")(r)
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	}, func(_ http.ResponseWriter, r *http.Request, n *notes) {
		file, header, err := r.FormFile("f")
		if err != nil {
			n.say("%v", err)
			return
		}
		data, err := io.ReadAll(file)
		n.say("%s %d %q %v", header.Filename, header.Size, data, err)
	}, false, false},
	"ReadFrom, length unknown": {handler: func(w http.ResponseWriter, _ *http.Request, n *notes) {
		count, err := io.Copy(w, strings.NewReader(strings.Repeat("<html>", 2000)))
		n.say("%d %v", count, err)
	}},
	"ReadFrom, declared": {handler: func(w http.ResponseWriter, _ *http.Request, n *notes) {
		w.Header().Set("Content-Length", "12000")
		count, err := io.Copy(w, io.MultiReader(strings.NewReader(strings.Repeat("<html>", 2000))))
		n.say("%d %v", count, err)
	}, http1: true},
	"ReadFrom of something short": {handler: func(w http.ResponseWriter, _ *http.Request, n *notes) {
		io.WriteString(w, "a")
		count, err := io.Copy(w, strings.NewReader("bc"))
		n.say("%d %v", count, err)
		io.WriteString(w, "d")
	}},
	"ReadFrom of more than declared": {handler: func(w http.ResponseWriter, _ *http.Request, n *notes) {
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Content-Length", "3")
		_, err := io.Copy(w, struct{ io.Reader }{strings.NewReader("abcdef")})
		n.say("%t", err != nil)
	}, http1: true},
	"deadlines": {post("content"), func(w http.ResponseWriter, r *http.Request, n *notes) {
		control := http.NewResponseController(w)
		n.say("%v %v", control.SetReadDeadline(time.Now().Add(time.Hour)), control.SetWriteDeadline(time.Now().Add(time.Hour)))
		data, err := io.ReadAll(r.Body)
		n.say("%q %v", data, err)
	}, false, false},
	"a read deadline that has passed": {func(r *http.Request) {
		in, out := io.Pipe() // which nothing comes from
		r.Method, r.Body = "POST", in
		r.Body = struct {
			io.Reader
			io.Closer
		}{in, out}
	}, func(w http.ResponseWriter, r *http.Request, n *notes) {
		n.say("%v", http.NewResponseController(w).SetReadDeadline(time.Now().Add(20*time.Millisecond)))
		_, err := r.Body.Read(make([]byte, 1))
		n.say("%t", errors.Is(err, os.ErrDeadlineExceeded))
		w.Header().Set("Connection", "close")
		io.WriteString(w, "answer")
	}, true, false},
	"full duplex": {post("content"), func(w http.ResponseWriter, r *http.Request, n *notes) {
		control := http.NewResponseController(w)
		n.say("%v", control.EnableFullDuplex())
		io.WriteString(w, "answer, ")
		n.say("%v", control.Flush())
		data, err := io.ReadAll(r.Body)
		n.say("%q %v", data, err)
		w.Write(data)
	}, true, false},
	"TimeoutHandler in time": {post("content"), func(w http.ResponseWriter, r *http.Request, n *notes) {
		http.TimeoutHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-In", "time")
			data, _ := io.ReadAll(r.Body)
			w.Write(data)
		}), time.Hour, "").ServeHTTP(w, r)
	}, false, false},
	"TimeoutHandler too late": {handler: func(w http.ResponseWriter, r *http.Request, n *notes) {
		ended := make(chan bool)
		http.TimeoutHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer close(ended)
			<-r.Context().Done()
			_, err := io.WriteString(w, "late")
			for err == nil { // until it has noticed
				_, err = io.WriteString(w, "late")
			}
			n.say("%v", err)
		}), time.Millisecond, "too late").ServeHTTP(w, r)
		<-ended
	}},
	"a hijacked connection": {post("ahead"), func(w http.ResponseWriter, r *http.Request, n *notes) {
		w.Header().Set("X-Lost", "1")
		conn, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			n.say("%v", err)
			return
		}
		defer conn.Close()
		ahead := make([]byte, 5)
		_, err = io.ReadFull(buffered, ahead)
		n.say("%q %v", ahead, err)
		_, err = io.WriteString(w, "late")
		n.say("%t", err == http.ErrHijacked)
		_, _, err = http.NewResponseController(w).Hijack()
		n.say("%t", errors.Is(err, http.ErrHijacked))
		w.WriteHeader(500)
		fmt.Fprint(buffered, "HTTP/1.1 299 By Hand\r\nContent-Length: 2\r\n\r\nhi")
		buffered.Flush()
	}, true, false},
	"a connection hijacked behind a status": {func(r *http.Request) {
		r.Header.Set("Connection", "upgrade")
		r.Header.Set("Upgrade", "raw")
	}, func(w http.ResponseWriter, r *http.Request, n *notes) {
		w.Header().Set("Connection", "upgrade")
		w.Header().Set("Upgrade", "raw")
		w.WriteHeader(101)
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			n.say("%v", err)
			return
		}
		io.WriteString(conn, "raw octets")
		conn.Close()
	}, true, false},
	"no Hijack": {handler: func(w http.ResponseWriter, _ *http.Request, n *notes) {
		if _, _, err := http.NewResponseController(w).Hijack(); err != nil {
			n.say("%t", errors.Is(err, http.ErrNotSupported))
		}
	}, http2: true},
}
