package httpcases

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"
)

// Verdict is the outcome of a case.
type Verdict int

const (
	Pass Verdict = iota
	Fail
	Skip // the file lacks a validator that the case needs
)

// Result is the verdict on one case, and what led to it.
type Result struct {
	Case    Case
	Verdict Verdict
	Why     string
}

// String gives a line such as "MUST host/missing: status 200, wanted [400]".
func (r Result) String() string { return fmt.Sprintf("%s %s: %s", r.Case.Level, r.Case.ID, r.Why) }

// workers is how many cases run at a time. Most of a case's time is spent waiting for nothing to happen.
const workers = 64

// Run plays all cases against the server at addr, each on a connection of its own, and returns their results in the
// same order.
func Run(addr string, cases []Case) []Result {
	return RunOver(func() (net.Conn, error) { return net.DialTimeout("tcp", addr, dialLimit) }, cases)
}

// RunOver is Run over connections of another kind, such as those of TLS. They are dialed by several goroutines, and need a
// method CloseWrite for the cases in which the client ends its side.
func RunOver(dial func() (net.Conn, error), cases []Case) []Result {
	validators := learn(dial)
	results := make([]Result, len(cases))
	next := make(chan int)
	var running sync.WaitGroup
	for range workers {
		running.Go(func() {
			for i := range next {
				results[i] = runOne(dial, cases[i], validators)
			}
		})
	}
	for i := range cases {
		next <- i
	}
	close(next)
	running.Wait()
	return results
}

func runOne(dial func() (net.Conn, error), c Case, validators map[string]string) Result {
	if missing := missing(c.Needs, validators); len(missing) > 0 {
		return Result{c, Skip, "needs " + strings.Join(missing, ", ")}
	}
	x, err := begin(dial, c.methods()...)
	if err != nil {
		return Result{c, Fail, err.Error()}
	}
	defer x.close()
	x.sendSegments(c, validators)
	verdict, why := x.judge(c)
	return Result{c, verdict, why}
}

// learn asks for the validators of the file and derives the values that the cases name.
func learn(dial func() (net.Conn, error)) map[string]string {
	x, err := begin(dial, "GET")
	if err != nil {
		return nil
	}
	defer x.close()
	x.send([]byte("GET /static/hello.txt HTTP/1.1\r\nHost: t.example\r\nConnection: close\r\n\r\n"))
	x.until(limit, func() bool { return len(x.final) > 0 })
	if len(x.final) == 0 {
		return nil
	}
	return validatorsOf(x.final[0])
}

// The three forms of an HTTP date (RFC 9110 section 5.6.7).
const (
	imfFixdate = "Mon, 02 Jan 2006 15:04:05 GMT"
	rfc850     = "Monday, 02-Jan-06 15:04:05 GMT"
	asctime    = time.ANSIC
)

func validatorsOf(file *response) map[string]string {
	values := make(map[string]string)
	if modified, err := time.Parse(imfFixdate, file.fields["last-modified"]); err == nil {
		values["LM"] = modified.Format(imfFixdate)
		values["LM-1d"] = modified.AddDate(0, 0, -1).Format(imfFixdate)
		values["LM+1d"] = modified.AddDate(0, 0, 1).Format(imfFixdate)
		values["LM850"] = modified.Format(rfc850)
		values["LMASC"] = modified.Format(asctime)
	}
	if etag := file.fields["etag"]; etag != "" {
		values["ETAG"] = etag
		values["WETAG"] = "W/" + strings.TrimPrefix(etag, "W/")
	}
	return values
}

// missing returns which of the needs the validators do not meet.
func missing(needs []string, validators map[string]string) []string {
	met := map[string]bool{
		"lm":          validators["LM"] != "",
		"etag":        validators["ETAG"] != "",
		"strong-etag": strings.HasPrefix(validators["ETAG"], `"`),
	}
	return slices.DeleteFunc(slices.Clone(needs), func(need string) bool { return met[need] })
}
