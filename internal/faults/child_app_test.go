package faults_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/microroute/microroute"
)

// childVariable is what makes a server of the test binary: settings as JSON in its environment.
const childVariable = "MICROROUTE_FAULTS_CHILD"

// settings is how a server of its own process is set up.
type settings struct {
	Engine      microroute.Engine
	Limits      microroute.Limits
	Descriptors uint64 // how many the process may have, 0 for as many as the test
	Processors  int    // how many it may use, 0 for all
	Dir         string // where it finds and keeps files
	Disk        int64  // octets of a file system that only the server sees at Dir, 0 for none
	Log         bool   // to a file in Dir, too
}

// state is what such a server tells of its process.
type state struct {
	Goroutines  int
	Descriptors int
	CPU         time.Duration // used so far
	Heap        uint64        // the most octets that the heap has ever had
	InUse       uint64        // octets of heap and stacks, without garbage
}

// runChild is the server. It ends as it is asked to by a signal. The first line that it logs tells the address.
func runChild(text string) {
	var with settings
	if err := json.Unmarshal([]byte(text), &with); err != nil {
		panic(err)
	}
	if with.Descriptors > 0 {
		if err := limitDescriptors(with.Descriptors); err != nil {
			panic(err)
		}
	}
	if with.Processors > 0 {
		runtime.GOMAXPROCS(with.Processors)
	}
	if with.Disk > 0 {
		if err := mountDisk(with.Dir, with.Disk); err != nil {
			panic(err)
		}
	}
	log := io.Writer(os.Stdout)
	if with.Log {
		file, err := os.Create(filepath.Join(with.Dir, "log"))
		if err != nil {
			panic(err)
		}
		log = io.MultiWriter(log, file)
	}
	app := microroute.New(microroute.Config{
		Engine:    with.Engine,
		Limits:    with.Limits,
		Logger:    slog.New(slog.NewJSONHandler(log, nil)),
		DrainTime: soon,
	})
	childRoutes(app, with.Dir)
	if err := app.Run("127.0.0.1:0"); err != nil {
		panic(err)
	}
}

func childRoutes(app *microroute.App, dir string) {
	var nonces nonceApp
	nonces.routes(app)
	app.Get("/hello", func(*Context) string { return "hello" })
	app.Get("/pause/<int:milliseconds>", func(_ *Context, milliseconds int64) string {
		time.Sleep(time.Duration(milliseconds) * time.Millisecond)
		return "paused"
	})
	app.With(microroute.MaxBody(-1)).Post("/count", func(c *Context) (string, error) {
		n, err := io.Copy(io.Discard, c.Request.Body())
		return fmt.Sprint(n), err
	})
	app.Get("/zeros/<int:n>", func(_ *Context, n int64) io.Reader { return io.LimitReader(endless{}, n) })
	app.Get("/state", func(*Context) state { return currentState() })
	app.Get("/file/<string:name>", func(c *Context, name string) error {
		return c.Response.SendFile(filepath.Join(dir, filepath.Base(name)))
	})
	app.With(microroute.MaxBody(-1)).Post("/form", func(c *Context) (string, error) {
		form, err := c.Request.Form()
		if err != nil {
			return "", err
		}
		file, err := form.File("file")
		if err != nil {
			return "", err
		}
		return fmt.Sprint(file.Size), nil
	})
	app.With(microroute.MaxBody(-1)).Put("/file/<string:name>", func(c *Context, name string) error {
		return save(filepath.Join(dir, filepath.Base(name)), c.Request.Body())
	})
	app.Delete("/file/<string:name>", func(_ *Context, name string) error {
		return os.Remove(filepath.Join(dir, filepath.Base(name)))
	})
	app.Get("/panic", func(*Context) { panic("on purpose") })
	app.Get("/inherited", func(*Context) (string, error) { return inherited() })
}

// save writes content to a file, or answers that there is no room for it.
func save(name string, content io.Reader) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if onDisk := (*os.PathError)(nil); errors.As(err, &onDisk) {
		return &microroute.Error{Status: http.StatusInsufficientStorage, Err: err}
	}
	return err
}

func currentState() state {
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return state{runtime.NumGoroutine(), countDescriptors(), processorTime(), memory.HeapSys, memory.HeapInuse + memory.StackInuse}
}
