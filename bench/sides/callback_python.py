"""The side of bench/callback.ts in Python. The first argument is the folder of the extension; the others are those of sides/callback.cc."""

import json
import resource
import sys
import time

sys.path.insert(0, sys.argv[1])
from callback_python import SpecCallbackSDK  # noqa: E402

CHUNK = 65536
HEAD = 300


class Placement:
    """Where received bodies lie; see sides/requests.h."""

    def __init__(self, layout):
        self.layout = layout
        self.chunk = None
        self.position = CHUNK

    def place(self, body):
        if self.layout == "own":
            return [bytes(body)]
        self.position = (self.position + HEAD) | 1
        if self.position + min(len(body), CHUNK - (HEAD | 1)) > CHUNK:
            self.new_chunk(HEAD | 1)
        slices = []
        done = 0
        while done < len(body):
            if self.position == CHUNK:
                self.new_chunk(0)
            size = min(len(body) - done, CHUNK - self.position)
            part = self.chunk[self.position : self.position + size]
            part[:] = body[done : done + size]
            slices.append(part)
            self.position += size
            done += size
        return slices

    def new_chunk(self, position):
        self.chunk = memoryview(bytearray(CHUNK))
        self.position = position


def read_requests(path, placement):
    requests = []
    with open(path, "rb") as file:
        while count := file.readline():
            headers = dict(file.readline().decode().split() for _ in range(int(count)))
            body = file.read(int(file.readline()))
            file.read(1)
            requests.append((headers, placement.place(memoryview(body))))
    return requests


def handle(request):
    headers, slices = request
    body = slices[0] if len(slices) == 1 else b"".join(slices)
    callback = SpecCallbackSDK("POST", headers, body)
    if not callback.IsOk():
        raise ValueError("a request was refused")
    data = callback.GetData()
    read = (
        len(callback.GetCorpId())
        + callback.GetAgentId()
        + callback.GetCallType()
        + callback.GetIsAsync()
        + len(callback.GetJobInfo())
        + len(callback.GetAbilityId())
        + len(callback.GetNotifyId())
    )
    response_headers, response = callback.BuildResponseHeaderBody(data)
    return read + len(response_headers) + len(response)


def counters():
    with open("/proc/thread-self/schedstat", encoding="ascii") as file:
        waited = int(file.read().split()[1]) / 1000
    usage = resource.getrusage(resource.RUSAGE_SELF)
    cpu = (usage.ru_utime + usage.ru_stime) * 1e6
    return usage.ru_minflt, cpu, waited, time.perf_counter() * 1e6


def main():
    _, _, warm_up_file, file, layout, untimed = sys.argv
    placement = Placement(layout)
    warm_up = read_requests(warm_up_file, placement)
    requests = read_requests(file, placement)
    for request in warm_up + requests[: int(untimed)]:
        handle(request)
    requests = requests[int(untimed) :]
    before = counters()
    check = 0
    for request in requests:
        check += handle(request)
    after = counters()
    names = ("faults", "cpu", "waited", "wall")
    sample = {name: b - a for name, a, b in zip(names, before, after)}
    print(json.dumps({"requests": len(requests), "check": check, **sample}))


main()
