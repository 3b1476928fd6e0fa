package browser_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/microroute/microroute"
)

// TestSeek goes to the middle of ten minutes of silence, for which the browser must not need what is before it.
func TestSeek(t *testing.T) {
	root := newSite(t, map[string]string{"index.html": page(`<audio controls preload="auto" src="silence.wav"></audio>`)})
	size := writeSilence(t, filepath.Join(root, "silence.wav"), 600)
	address, seen := serveFiles(t, microroute.Config{Root: root}, nil)
	tab := newTab(t, startBrowser(t), "light")
	tab.do(chromedp.Navigate(address))
	tab.until("document.querySelector('audio').readyState >= HTMLMediaElement.HAVE_CURRENT_DATA")
	if got := eval[float64](tab, "document.querySelector('audio').duration"); got != 600 {
		t.Errorf("got a duration of %v s, want 600", got)
	}
	eval[float64](tab, "document.querySelector('audio').currentTime = 300")
	tab.until("!document.querySelector('audio').seeking && document.querySelector('audio').readyState >= HTMLMediaElement.HAVE_CURRENT_DATA")
	if got := eval[float64](tab, "document.querySelector('audio').currentTime"); got != 300 {
		t.Errorf("after seeking: got %v s, want 300", got)
	}
	tab.do(chromedp.Navigate("about:blank")) // ends what is still being sent, and so its handler

	fromMiddle := func(v visit) bool {
		var first, last, whole int64
		n, _ := fmt.Sscanf(v.contentRange, "bytes %d-%d/%d", &first, &last, &whole)
		asked := fmt.Sprintf("bytes=%d-", first)
		return n == 3 && v.status == 206 && strings.HasPrefix(v.ranges, asked) && whole == size && first > size/4 && first <= size/2+1<<20
	}
	var all []visit
	for end := time.Now().Add(patience); !slices.ContainsFunc(all, fromMiddle); time.Sleep(time.Millisecond) {
		if all = append(all, seen.take()...); time.Now().After(end) {
			t.Fatalf("got %+v, want a range from before the middle of %d octets", all, size)
		}
	}
}

// writeSilence writes a WAV file of so many seconds, 48,000 samples of two channels with 16 bits in each, and returns its
// size. Silence is NULs, so it is a hole.
func writeSilence(t *testing.T, path string, seconds int) (size int64) {
	t.Helper()
	const rate, frame = 48_000, 4
	content := uint32(seconds * rate * frame)
	le := binary.LittleEndian
	b := le.AppendUint32([]byte("RIFF"), 36+content)
	b = le.AppendUint32(append(b, "WAVEfmt "...), 16)
	b = le.AppendUint16(le.AppendUint16(b, 1), 2) // PCM, two channels
	b = le.AppendUint32(le.AppendUint32(b, rate), rate*frame)
	b = le.AppendUint16(le.AppendUint16(b, frame), 16)
	b = le.AppendUint32(append(b, "data"...), content)
	size = int64(len(b)) + int64(content)
	if err := errors.Join(os.WriteFile(path, b, 0o644), os.Truncate(path, size)); err != nil {
		t.Fatal(err)
	}
	return size
}
