package matrix_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing/iotest"
)

// calls is a transport that calls an http.Handler, with nothing in between.
type calls struct{ handler http.Handler }

var errAborted = errors.New("the handler has aborted the response")

// RoundTrip does what net/http does for a handler: it makes the request one of a server, leaves out the content of a response
// to HEAD, and ends a response that is aborted where it is.
func (c calls) RoundTrip(r *http.Request) (*http.Response, error) {
	target, err := url.ParseRequestURI(r.URL.RequestURI())
	if err != nil {
		return nil, err
	}
	asked := r.Clone(r.Context())
	asked.URL, asked.RequestURI = target, r.URL.RequestURI()
	asked.Proto, asked.ProtoMajor, asked.ProtoMinor = "HTTP/1.1", 1, 1
	asked.RemoteAddr = "127.0.0.1:1234"
	w := &recorder{ResponseRecorder: httptest.NewRecorder()}
	complete := c.serve(w, asked)
	if !complete && !w.began {
		return nil, errAborted
	}
	response := w.Result()
	switch {
	case r.Method == http.MethodHead:
		response.Body = http.NoBody
	case !complete:
		response.Body = io.NopCloser(io.MultiReader(bytes.NewReader(w.Body.Bytes()), iotest.ErrReader(errAborted)))
	}
	return response, nil
}

// serve calls the handler, and reports false if it aborts.
func (c calls) serve(w http.ResponseWriter, r *http.Request) (complete bool) {
	defer func() {
		if cause := recover(); cause != nil && cause != http.ErrAbortHandler {
			panic(cause)
		}
	}()
	c.handler.ServeHTTP(w, r)
	return true
}

// recorder knows whether anything has been sent.
type recorder struct {
	*httptest.ResponseRecorder
	began bool
}

func (w *recorder) WriteHeader(status int) {
	w.began = true
	w.ResponseRecorder.WriteHeader(status)
}
