//go:build linux

package systemd_test

import (
	"context"
	"fmt"
	"log"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/systemd"
)

// A service with Type=notify, on the sockets of its socket unit or else on port 8080.
func Example() {
	app := microroute.New()
	app.Get("/", func(c *microroute.Context) string { return "tea" })
	if err := systemd.Run(app, ":8080"); err != nil {
		log.Fatal(err)
	}
}

// The public and the operator have Apps of their own, on sockets with FileDescriptorName=http and office. The service is
// alive while its teapot is.
func ExampleRunServer() {
	app, office := microroute.New(), microroute.New()
	teapotIsWarm := func() bool { return true }

	sockets, err := systemd.Listeners()
	if err != nil {
		log.Fatal(err)
	}
	inside, err := office.StartOn(sockets.Named("office")...)
	if err != nil {
		log.Fatal(err)
	}
	defer inside.Shutdown(context.Background())
	public, err := app.StartOn(sockets.Named("http")...)
	if err != nil {
		log.Fatal(err)
	}
	if err := systemd.RunServer(public, teapotIsWarm); err != nil {
		log.Fatal(err)
	}
}

// A program that systemd has not passed any has none.
func ExampleListeners() {
	sockets, err := systemd.Listeners()
	fmt.Println(len(sockets), err)
	// Output: 0 <nil>
}

// Datagrams are for other packages, such as one for HTTP/3.
func ExampleFiles() {
	files, err := systemd.Files()
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range files {
		if f.Name() == "quic" {
			conn, err := net.FilePacketConn(f)
			fmt.Println(conn, err)
		}
		f.Close()
	}
}

func ExampleNotify() {
	manager := exampleManager()
	defer manager.Close()

	told, err := systemd.Notify(systemd.Ready, systemd.Status("the kettle boils"))
	fmt.Println(told, err)
	fmt.Println(read(manager))
	// Output:
	// true <nil>
	// READY=1
	// STATUS=the kettle boils
}

func ExampleStatus() {
	fmt.Println(systemd.Status("3 requests\n0 errors"))
	// Output: STATUS=3 requests 0 errors
}

// A service that reads its configuration again says so, and when it is done.
func ExampleReloading() {
	manager := exampleManager()
	defer manager.Close()

	systemd.Notify(systemd.Reloading())
	systemd.Notify(systemd.Ready)
	reloading, _, _ := strings.Cut(read(manager), "\n")
	fmt.Println(reloading)
	fmt.Println(read(manager))
	// Output:
	// RELOADING=1
	// READY=1
}

// Without WatchdogSec= in its unit, nobody watches a service.
func ExampleWatchdogInterval() {
	fmt.Println(systemd.WatchdogInterval())
	// Output: 0s <nil>
}

func ExampleWatchdog() {
	manager := exampleManager()
	defer manager.Close()
	os.Setenv("WATCHDOG_USEC", "2000") // as systemd does for WatchdogSec=2ms
	defer os.Unsetenv("WATCHDOG_USEC")

	ctx, cancel := context.WithCancel(context.Background())
	asked := 0
	err := systemd.Watchdog(ctx, func() bool {
		if asked++; asked == 3 {
			cancel()
		}
		return asked != 2 // something is wrong for a while
	})
	fmt.Println(asked >= 3, err)
	fmt.Println(read(manager))
	// Output:
	// true <nil>
	// WATCHDOG=1
}

// exampleManager listens as systemd does.
func exampleManager() *net.UnixConn {
	dir, err := os.MkdirTemp("", "systemd")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	name := "@" + filepath.Join(dir, "notify")
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		log.Fatal(err)
	}
	os.Setenv("NOTIFY_SOCKET", name)
	return manager
}

func read(manager *net.UnixConn) string {
	message := make([]byte, 4096)
	n, err := manager.Read(message)
	if err != nil {
		log.Fatal(err)
	}
	return string(message[:n])
}
